"""The training sentences of this tree as one json: windows of danger, acts, what policies are asked as, stories with their facts.
Usage, with the environment of the product: python sentences.py TREE OUT"""
import sys, json, yaml
from collections import Counter
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
# Facts that a story tells in too many ways for a list of words; "?" is narrowed, not settled. Rarer than EIGHT times is not learnt.
FACTS=("asker.role","child.lives_with","child.schooling","child.boarding","household.relief","father.situation","mother.situation","father.sends_support","mother.sends_support")
HELD_OUT=("heldout","checked","answers","ages","lengths"); EIGHT=8
F=[]
for path in sorted([*(tree/"data/reading").glob("*.yml"),*(tree/"tests/knowledge/reading").glob("*.yml")]):
    for s in () if path.name.startswith(HELD_OUT) else yaml.safe_load(path.read_text()):
        if len(s["says"])<6 or s.get("known"): continue
        told=[f"{k}={x}" for k in FACTS if (v:=s.get("facts",{}).get(k)) is not None for x in (v if isinstance(v,list) else [v])]
        told+=[f"{k}=?" for k in FACTS if "one_of" in (s.get("partial",{}).get(k) or {})]
        F.append(dict(t=normalise(s["says"]).text,labels=told,unknown=["asker.role"] if s.get("asker") else []))
count=Counter(x for s in F for x in s["labels"]); facts=sorted(x for x,n in count.items() if n>=EIGHT)
for s in F: s["labels"]=[facts.index(x) for x in s["labels"] if x in facts]; s["unknown"]=[i for i,x in enumerate(facts) if x.split("=")[0] in s["unknown"]]
json.dump(dict(D=D,A=A,T=T,F=F,ids=ids,kinds=list(KINDS),facts=facts),open(sys.argv[2],"w"),ensure_ascii=False)
print(len(D),len(A),len(T),len(F),len(ids),len(facts))
