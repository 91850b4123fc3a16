"""The training sentences of this tree as one json: windows of danger, acts, what policies are asked as.
Usage, with the environment of the product: python sentences.py TREE OUT"""
import sys, json, yaml
from pathlib import Path
tree=Path(sys.argv[1]); sys.path.insert(0,str(tree))
from bot.components.danger_sentences import sentences
from bot.components.danger_features import windows
from bot.components.danger_model import _height
from bot.components.names import plain
from knowledge.alarm import KINDS
from knowledge.library import Library
from knowledge.reading.normal import normalise
from bot.components.names import names_of, spoken_of
from bot.components.meaning import has_letters
NO=next(c for c in yaml.safe_load((tree/"config.yml").read_text())["pipeline"] if "TopicRanker" in c["name"])["no_topic"]
D=[]
for i,s in enumerate(sentences(tree/"data/safety")):
    for w in windows(s.text):
        D.append(dict(t=w,whole=s.text,level=_height(w,s),kinds=[k in s.kinds for k in KINDS],lenient=s.lenient,block=s.block,owner=i))
subjects=list(Library.load(None).subjects.values()); ids=[s.id for s in subjects]; names=[x for s in subjects for x in names_of(s)]
T=[]
for p,s in enumerate(subjects):
    for t in dict.fromkeys(plain(x) for x in (*s.names,*s.misnomers,*s.asked_as)): T.append(dict(t=t,topics=[p],voice="policy"))
A=[]
for path in sorted((tree/"data/nlu").rglob("*.yml")):
    for b in yaml.safe_load(path.read_text())["nlu"]:
        if "intent" not in b: continue
        m=b.get("metadata") or {}
        for line in b["examples"].splitlines():
            x=line.lstrip("- ").strip()
            if not x: continue
            n=normalise(x).text
            q=[ids.index(q) for q in m.get("topics",[]) if q in ids]
            if not q and not spoken_of(n,names) and (b["intent"] in NO or (m.get("voice") is not None and b["intent"]!="tell")): q=[len(ids)]
            A.append(dict(t=n,plain=plain(n),intent=b["intent"],voice=m.get("voice"),topics=q if has_letters(plain(n)) else []))
json.dump(dict(D=D,A=A,T=T,ids=ids,kinds=list(KINDS)),open(sys.argv[2],"w"),ensure_ascii=False)
print(len(D),len(A),len(T),len(ids))
