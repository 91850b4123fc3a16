"""Tune the encoder on what the heads of the product learn: danger (three levels, kinds), acts, topics, all at once.
Inputs: the json of sentences.py, student.npz (recover.py), the tokenizer. One block or speaker in five is left out whole and
measures (seen.npy names the others). Half of the sentences are noisy: same-sound characters, lost ones, no punctuation."""
import json,sys,zlib,random,time,math,argparse,re,unicodedata
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F
from tokenizers import Tokenizer
from pypinyin import lazy_pinyin
from net import Encoder
ap=argparse.ArgumentParser(); ap.add_argument('data'); ap.add_argument('out'); ap.add_argument('--epochs',type=float,default=4); ap.add_argument('--lr',type=float,default=8e-5)
ap.add_argument('--freeze',type=int,default=4); ap.add_argument('--seed',type=int,default=0); ap.add_argument('--batch',type=int,default=64); ap.add_argument('--all',action='store_true'); ap.add_argument('--drop',type=float,default=.1); ap.add_argument('--scale',type=float,default=12)
a=ap.parse_args(); random.seed(a.seed); torch.manual_seed(a.seed); torch.set_num_threads(2)
J=json.load(open(a.data)); tk=Tokenizer.from_file('../tokenizer.json'); tk.enable_truncation(64)
norm=lambda t: re.sub(r'\s+','',unicodedata.normalize('NFKC',t).lower())
unseen=lambda v: (not a.all) and v is not None and zlib.crc32(v.encode())%5==0
D=[d for d in J['D'] if not unseen(d['block'])]; A=[d for d in J['A'] if not unseen(d['voice'])]; T=J['T']
acts=sorted({d['intent'] for d in J['A']}); print(len(D),len(A),len(T),len(acts))
chars=sorted({c for d in J['D']+J['A'] for c in d['t'] if '\u4e00'<=c<='\u9fff'}); by={}
for c in chars: by.setdefault(lazy_pinyin(c)[0],[]).append(c)
py={c:lazy_pinyin(c)[0] for c in chars}
def noise(t,r):
    if r.random()<.5: return t
    p=r.choice([.05,.1,.2]); o=[]
    for c in t:
        if c in py and r.random()<p: c=r.choice(by[py[c]])
        elif r.random()<.015: continue
        elif not c.isalnum() and r.random()<.3: continue
        o.append(c)
    return ''.join(o) or t
m=Encoder('student.npz',a.drop); m.word.requires_grad_(False)
for q in m.layers[:a.freeze]: q.requires_grad_(False)
m.eln.requires_grad_(not a.freeze); m.pos.requires_grad_(False)
nk=len(J['kinds']); nt=len(J['ids'])+1
heads=nn.ModuleDict(dict(level=nn.Linear(384,3),kinds=nn.Linear(384,nk),act=nn.Linear(384,len(acts)),topic=nn.Linear(384,nt)))
for h in heads.values(): nn.init.normal_(h.weight,std=.05); nn.init.zeros_(h.bias)
enc=[p for p in m.parameters() if p.requires_grad]
opt=torch.optim.AdamW([dict(params=[p for p in enc if p.ndim>1],weight_decay=.01,k=1.),dict(params=[p for p in enc if p.ndim<2],weight_decay=0.,k=1.),dict(params=list(heads.parameters()),weight_decay=0.,k=30.)],lr=a.lr,betas=(.9,.98),fused=True)
items=[('D',d) for d in D]+[('A',d) for d in A]+[('T',d) for d in T]
# acts that are rare weigh more
from collections import Counter
cnt=Counter(d['intent'] for d in A); mean=np.mean(list(cnt.values())); wact=torch.tensor([min(3.,(mean/max(cnt[x],1))**.5) for x in acts],dtype=torch.float32)
harmful=sum(d['level']>0 for d in D)/len(D); print('share dangerous',harmful)
steps=int(a.epochs*len(items)/a.batch); st=0; t0=time.time(); r=random.Random(a.seed)
ema=[p.detach().clone() for p in enc]
def pad(ts):
    e=[tk.encode(norm(t)).ids for t in ts]; L=-(-max(map(len,e))//8)*8; o=np.ones((len(e),L),'i8')
    for i,x in enumerate(e): o[i,:len(x)]=x
    return torch.from_numpy(o)
m.train(); run=Counter()
def batches():
    while True:
        order=items[:]; r.shuffle(order); chunk=a.batch*24
        for i in range(0,len(order)-a.batch,chunk):
            c=sorted(order[i:i+chunk],key=lambda x:len(x[1]['t'])); bs=[c[j:j+a.batch] for j in range(0,len(c),a.batch)]; r.shuffle(bs); yield from bs
for b in batches():
    if st>=steps: break
    lr=a.lr*min(1,(st+1)/80)*(.03+.97*.5*(1+math.cos(math.pi*st/steps)))
    for g in opt.param_groups: g['lr']=lr*g['k']
    ids=pad([noise(x['t'],r) for _,x in b])
    with torch.autocast('cpu',torch.bfloat16): e=m(ids)
    e=e.float()*a.scale; loss=0
    di=[i for i,(k,_) in enumerate(b) if k=='D']; ai=[i for i,(k,_) in enumerate(b) if k=='A']; ti=[i for i,(k,x) in enumerate(b) if k!='D' and x['topics']]
    if di:
        z=heads['level'](e[di]); lv=torch.tensor([b[i][1]['level'] for i in di]); y=(lv[:,None]>=torch.tensor([1,2,3])).float()
        w=torch.ones_like(y); 
        for n,i in enumerate(di):
            if b[i][1]['lenient']: w[n,0]=0
        y=y*.96+.02
        l=(F.binary_cross_entropy_with_logits(z,y,reduction='none')*w*torch.tensor([1.,1.,.3])).sum(1).sum(); loss=loss+l; run['lev']+=l.item()/len(di); run['nD']+=1
        dd=[n for n in range(len(di)) if b[di[n]][1]['level']>0]
        if dd: loss=loss+.2*F.binary_cross_entropy_with_logits(heads['kinds'](e[di])[dd],torch.tensor([b[di[n]][1]['kinds'] for n in dd]).float(),reduction='none').sum()
    if ai:
        l=F.cross_entropy(heads['act'](e[ai]),torch.tensor([acts.index(b[i][1]['intent']) for i in ai]),weight=wact,reduction='sum',label_smoothing=.05); loss=loss+.6*l; run['act']+=l.item()/len(ai); run['nA']+=1
    if ti:
        y=torch.zeros(len(ti),nt)
        for n,i in enumerate(ti): y[n,b[i][1]['topics']]=1/len(b[i][1]['topics'])
        l=-(F.log_softmax(heads['topic'](e[ti]),1)*y).sum(); loss=loss+.6*l; run['top']+=l.item()/len(ti); run['nT']+=1
    loss=loss/len(b); opt.zero_grad(set_to_none=True); loss.backward(); torch.nn.utils.clip_grad_norm_(enc,1.); opt.step()
    if st%4==0:
        with torch.no_grad(): torch._foreach_lerp_(ema,enc,1-min(.96,(st+1)/(st+80)))
    st+=1
    if st%60==0: print(st,steps,f"{time.time()-t0:.0f}s lev {run['lev']/max(run['nD'],1):.3f} act {run['act']/max(run['nA'],1):.3f} top {run['top']/max(run['nT'],1):.3f}",flush=True); run.clear()
with torch.no_grad():
    for p,e in zip(enc,ema): p.copy_(e)
m.eval(); Z=np.load('student.npz'); o={'emb_q':Z['emb_q'],'emb_s':Z['emb_s'],'pos':Z['pos']}
for n,p in m.named_parameters():
    if n not in('word','pos'): o[n]=p.detach().half().numpy()
np.savez(a.out,**o); S={zlib.crc32(x.encode()) for x in [d['whole'] for d in D]+[d['t'] for d in A]+[d['plain'] for d in A]+[d['t'] for d in T]}; np.save(a.out+'.seen.npy',np.array(sorted(S),np.uint32)); torch.save(heads.state_dict(),a.out+'.heads'); print('saved')
