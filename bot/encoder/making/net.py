"""The network of train.py, started from student.npz."""
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F
H,NH,NL=384,12,12
class Encoder(nn.Module):
    def __init__(s,path,drop=0.1):
        super().__init__(); Z=np.load(path); t=lambda k: torch.from_numpy(np.array(Z[k],dtype='f4'))
        s.word=nn.Parameter(torch.from_numpy(Z['emb_q'].astype('f4')*Z['emb_s'][:,None].astype('f4'))); s.pos=nn.Parameter(t('pos'))
        s.eln=nn.LayerNorm(H,1e-12); s.layers=nn.ModuleList(); s.drop=drop
        for l in range(NL):
            s.layers.append(nn.ModuleDict(dict(qkv=nn.Linear(H,3*H),ao=nn.Linear(H,H),fi=nn.Linear(H,4*H),fo=nn.Linear(4*H,H),aln=nn.LayerNorm(H,1e-12),oln=nn.LayerNorm(H,1e-12))))
        s.head=nn.Linear(H,H)
        sd={k:t(k) for k in Z.files if k not in('emb_q','emb_s') and not k.startswith('facts.')}; sd['word']=s.word.data
        s.load_state_dict(sd)
    def forward(s,ids,norm=True,tokens=False):
        mask=ids!=1; B,L=ids.shape
        x=s.eln(F.embedding(ids,s.word)+s.pos[:L]); am=mask[:,None,None,:]
        x=F.dropout(x,s.drop,s.training)
        for m in s.layers:
            q,k,v=m.qkv(x).view(B,L,3,NH,H//NH).permute(2,0,3,1,4)
            c=F.scaled_dot_product_attention(q,k,v,attn_mask=am).transpose(1,2).reshape(B,L,H)
            x=m.aln(x+F.dropout(m.ao(c),s.drop,s.training)); x=m.oln(x+F.dropout(m.fo(F.gelu(m.fi(x))),s.drop,s.training))
        w=mask.unsqueeze(-1).float(); p=(x.float()*w).sum(1)/w.sum(1)
        p=s.head(p)
        p=F.normalize(p,dim=-1) if norm else p
        return (p,x,mask) if tokens else p
