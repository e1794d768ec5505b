"""The pytest harness for plugin authors: contracts to inherit and fixtures to use.

``pip install causely-core[testing]`` is enough: pytest finds the fixtures by itself. A test of a collector is::

    from causely_core.testing import CollectorContract

    class TestFolders(CollectorContract):
        @pytest.fixture
        def plugin(self):
            return FolderPlugin

Names are imported when they are used, so that pytest starts as fast where nobody tests a plugin.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from causely_core.testing.causely import Causely
    from causely_core.testing.contracts.causal_model import CausalModelContract
    from causely_core.testing.contracts.collector import CollectorContract
    from causely_core.testing.contracts.detector import DetectorContract
    from causely_core.testing.contracts.discoverer import DiscovererContract
    from causely_core.testing.contracts.remediator import RemediatorContract
    from causely_core.testing.diagnoses import assert_diagnosis
    from causely_core.testing.golden.golden import Golden
    from causely_core.testing.kubernetes.control_plane import ControlPlane
    from causely_core.testing.loopback.messages import Answer, Request
    from causely_core.testing.loopback.upstream import Upstream
    from causely_core.testing.otlp import Otlp
    from causely_core.testing.topologies import topology
    from causely_core.testing.watched import Watched, watching
    from causely_core.testing.windows import window_of

__all__ = [
    "Answer",
    "CausalModelContract",
    "Causely",
    "CollectorContract",
    "ControlPlane",
    "DetectorContract",
    "DiscovererContract",
    "Golden",
    "Otlp",
    "RemediatorContract",
    "Request",
    "Upstream",
    "Watched",
    "assert_diagnosis",
    "topology",
    "watching",
    "window_of",
]

_HOMES = {
    "Answer": "loopback.messages",
    "Causely": "causely",
    "CausalModelContract": "contracts.causal_model",
    "CollectorContract": "contracts.collector",
    "ControlPlane": "kubernetes.control_plane",
    "DetectorContract": "contracts.detector",
    "DiscovererContract": "contracts.discoverer",
    "Golden": "golden.golden",
    "Otlp": "otlp",
    "RemediatorContract": "contracts.remediator",
    "Request": "loopback.messages",
    "Upstream": "loopback.upstream",
    "assert_diagnosis": "diagnoses",
    "Watched": "watched",
    "topology": "topologies",
    "watching": "watched",
    "window_of": "windows",
}
"""Public name to the module of this package that it lives in."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
