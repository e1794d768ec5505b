"""Where the programs of a control plane are."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen
from platformdirs import user_cache_path

from causely_core.testing.fix import fix

VARIABLES = ("CAUSELY_KUBE_BIN", "KUBEBUILDER_ASSETS")
"""That name a folder with kube-apiserver and etcd, the latter by the convention of envtest; or the one program of both
parts of Kubernetes that tests/cluster/build.py of causely builds."""
REASON = (
    "no kube-apiserver on this machine: `setup-envtest use` downloads one; set KUBEBUILDER_ASSETS to the folder that "
    "`setup-envtest use -p path` prints, or CAUSELY_KUBE_BIN to any with kube-apiserver and etcd"
)
NO_ETCD = "no etcd on this machine: Debian's etcd-server has it, and so has the folder of `setup-envtest use`"


class Missing(LookupError):
    """There are no such programs; the text says how to get them."""


@frozen
class Binaries:
    """Commands, to which flags are added.

    Attributes:
        etcd: the store.
        api_server: kube-apiserver.
        controller_manager: kube-controller-manager; it need not be there.
    """

    etcd: tuple[str, ...]
    api_server: tuple[str, ...]
    controller_manager: tuple[str, ...]

    @classmethod
    def found(cls) -> Binaries:
        """Those of the variables, else those that causely's own tests have built.

        Raises:
            Missing: there are none.
        """
        for name in VARIABLES:
            if place := os.environ.get(name):
                if not (Path(place) / "kube-apiserver").exists() and not Path(place).is_file():
                    fix(f"{name}={place} has no kube-apiserver", "let it name the folder that has, or unset it")
                return cls.of(Path(place))
        built = max(_built(), key=lambda path: path.stat().st_mtime, default=None)
        if built is None:
            raise Missing(REASON)
        return cls.of(built)

    @classmethod
    def of(cls, place: Path) -> Binaries:
        """Those of a folder, or the parts of one program.

        Raises:
            Missing: there is no etcd.
        """
        folder = place if place.is_dir() else place.parent
        etcd = str(folder / "etcd") if (folder / "etcd").exists() else shutil.which("etcd")
        if etcd is None:
            raise Missing(NO_ETCD)
        if place.is_file():
            return cls((etcd,), (str(place), "kube-apiserver"), (str(place), "kube-controller-manager"))
        return cls((etcd,), (str(place / "kube-apiserver"),), (str(place / "kube-controller-manager"),))


def _built() -> Iterator[Path]:
    return user_cache_path("causely").glob("control-plane-v*-?*")
