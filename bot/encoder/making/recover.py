"""encoder.int8.onnx -> student.npz as tune.py and export.py read it: the weights in float again, without the scales that
export.py moved from the activations into them (cosine to the int8 encoder .999 on four sentences)."""
import sys, onnx, numpy as np
from onnx import numpy_helper as nh
M=onnx.load(sys.argv[1]); G=M.graph
I={i.name:nh.to_array(i) for i in G.initializer}
prod={o:n for n in G.node for o in n.output}
cons={}
for n in G.node:
    for i in n.input: cons.setdefault(i,[]).append(n)
o={'emb_q':I['emb_q'],'emb_s':I['emb_s'][:,0]}
lns=[n for n in G.node if n.op_type=='LayerNormalization']
names=['eln']+[f'layers.{l}.{k}' for l in range(12) for k in ('aln','oln')]
assert len(lns)==len(names)
for n,k in zip(lns,names): o[k+'.weight'],o[k+'.bias']=I[n.input[1]],I[n.input[2]]
o['pos']=next(v for v in I.values() if v.shape==(512,384))
for l in range(12):
    for c in ('qkv','ao','fi','fo'):
        k=f'layers.{l}.{c}'
        w=I[k+'.w_quantized'].astype('f4')*I[k+'.w_scale'][None,:]
        mm=next(n for n in G.node if n.op_type=='MatMulInteger' and k+'.w_quantized' in n.input)
        dq=prod[mm.input[0]]; assert dq.op_type=='DynamicQuantizeLinear'
        mul=prod[dq.input[0]]; 
        inv=next((I[i] for i in mul.input if i in I and I[i].shape==(w.shape[0],)),None) if mul.op_type=='Mul' else None
        if inv is not None: w=w*inv[:,None]
        else: print('no smooth',k)
        add=next(n for n in cons[k+'.mm'] if n.op_type=='Add'); b=next(I[i] for i in add.input if i in I)
        o[k+'.weight'],o[k+'.bias']=w.T.astype('f4'),b
add=[n for n in G.node if n.op_type=='Add' and 'head.mm' in n.input][0]
o['head.weight'],o['head.bias']=I['head.w'].T,next(I[i] for i in add.input if i in I)
np.savez('student.npz',**o); print(len(o))
