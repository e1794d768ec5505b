"""Which few causes explain the active symptoms."""
from __future__ import annotations
import hashlib, math
from itertools import combinations
from causely_core.model import *
from causely_core.causal.graph import Cause
def _spec(graph,key):
    m=graph._model(key.entity)
    for s in (m.symptoms if m else ()):
        if s.name==key.name: return s
    return SymptomSpec(key.name)
def diagnose(graph, active, now):
    keys=[k for k in sorted(active) if k.entity in graph.entities]
    cands=graph.candidates(keys)
    rows={}
    for c in cands:
        r=graph.reach(c)
        ex={k for k in keys if k in r.probability}
        if ex: rows[c]=r
    watched={e.id:set(e.attributes.get("causely.watched","").split()) for e in graph.entities.values()}
    absent=lambda k: k not in active and k.name in watched.get(k.entity,())
    specs={}
    def spec(k):
        if k not in specs: specs[k]=_spec(graph,k)
        return specs[k]
    info={}
    for c,r in rows.items():
        pen=sum(math.log(1-p*(1-spec(k).miss)) for k,p in r.probability.items() if absent(k))
        info[c]=(math.log(c.spec.prior)-math.log1p(-c.spec.prior)+pen, {k:math.log(1-min(.999,r.probability[k]*(1-spec(k).miss))) for k in keys if k in r.probability})
    def score(H):
        s=sum(info[c][0] for c in H)
        for k in keys:
            l=spec(k).leak; q=sum(info[c][1].get(k,0) for c in H)
            s+=math.log(1-(1-l)*math.exp(q))-math.log(l)
        return s
    H=(); best=0.0; visited={():0.0}
    while True:
        t=[(score(H+(c,)),i,c) for i,c in enumerate(rows) if c not in H]
        for s,_,c in t: visited[H+(c,)]=s
        if not t: break
        s,_,c=max(t,key=lambda x:(x[0],-x[1]))
        if s<=best+1.0: break
        H,best=H+(c,),s
    z=max(visited.values()); tot=sum(math.exp(v-z) for v in visited.values())
    out=[]; explained=set()
    for c in H:
        p=sum(math.exp(v-z) for h,v in visited.items() if c in h)/tot
        r=rows[c]; ex=tuple(k for k in keys if r.probability.get(k,0)>0.05)
        explained|=set(ex); path=[]; seen=set()
        for k in ex:
            chain=[]
            while k in r.arrivals and k not in seen:
                a=r.arrivals[k]; chain.append(PathStep(a.source,k,a.relation,a.probability)); seen.add(k); k=a.source
            path+=reversed(chain)
        id=hashlib.sha256(f"{c.entity}|{c.spec.name}".encode()).hexdigest()[:12]
        alts=sorted(((v,h[0]) for h,v in visited.items() if len(h)==1 and h[0] not in H),key=lambda x:-x[0])[:3]
        out.append(RootCause(id,c.entity,c.spec.name,p,min(active[k].onset for k in ex),ex,tuple(path),tuple(k for k,pp in r.probability.items() if pp>=.5 and absent(k)),tuple(sorted({k.entity for k in r.probability if k.entity!=c.entity})),tuple(Alternative(a.entity,a.spec.name,math.exp(v-z)/tot,"explains fewer symptoms") for v,a in alts),c.spec.description,c.spec.remediation))
    out.sort(key=lambda r:(-len(r.explains),-r.probability,r.entity))
    return Diagnosis(now,tuple(out),tuple(k for k in active if k not in explained))
