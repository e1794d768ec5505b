"""How an episode tells of symptoms that have faded."""

from causely_core.model import PathStep
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
