"""How an episode tells of symptoms that have faded."""

from causely_core.model import AtRisk, PathStep, Support, SupportState
from causely_core.services.analyzer.episode import with_cleared

from .worlds import active, cause, key, symptom


def arrow(source, target):
    return PathStep(source, target, "calls", 0.8)


def test_the_path_to_a_faded_symptom_stays():
    root, near, far, other = (key(f"Service:{name}") for name in ("cart", "near", "far", "other"))
    path = (arrow(root, near), arrow(near, far), arrow(root, other))
    old = cause(explains=[root, near, far, other], path=path)
    new = cause(explains=[root])
    seen = with_cleared(new, old, active(symptom("Service:cart"), symptom("Service:other")))
    assert seen.explains == (root, near, far)
    assert seen.path == (arrow(root, near), arrow(near, far))


def test_an_arrow_is_told_once_with_what_was_seen_last():
    root, near, far = (key(f"Service:{name}") for name in ("cart", "near", "far"))
    before, after = (Support(SupportState.ACTIVE, "rate", value) for value in (1.0, 2.0))
    old = cause(explains=[root, near, far], path=(seen(root, near, before), seen(near, far, before)))
    new = cause(explains=[root, near], path=(seen(root, near, after),))
    told = with_cleared(new, old, active(symptom("Service:cart"), symptom("Service:near")))
    assert told.path == (seen(root, near, after), seen(near, far, before))


def test_what_has_suffered_is_not_told_as_at_risk():
    root, near = key("Service:cart"), key("Service:near")
    risks = tuple(AtRisk(f"Service:{name}", "RequestLatency_High", 0.5) for name in ("near", "other"))
    told = with_cleared(
        cause(explains=[root], at_risk=risks), cause(explains=[root, near]), active(symptom("Service:cart"))
    )
    assert (told.impacted, told.at_risk) == (("Service:near",), risks[1:])


def seen(source, target, support):
    return PathStep(source, target, "calls", 0.8, support)
