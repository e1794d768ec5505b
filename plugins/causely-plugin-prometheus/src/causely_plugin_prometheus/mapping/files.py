"""Where mappings are: ready ones in this package, others in files."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from causely_core.yaml_lines import suggestion
from causely_plugin_prometheus.errors import MappingError
from causely_plugin_prometheus.mapping.mapping_file import MappingFile
from causely_plugin_prometheus.mapping.reading import parse_mapping

_SUFFIX = ".yaml"
_READY = files("causely_plugin_prometheus") / "ready"


def ready() -> tuple[str, ...]:
    """The names of the ready mappings."""
    names = (each.name for each in _READY.iterdir() if each.name.endswith(_SUFFIX))
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in names))


def read_mapping(name: str) -> MappingFile:
    """A mapping by its name, or by the path of its file: what has a ``/`` or ends in ``.yaml`` is a path.

    Raises:
        MappingError: there is none, or it is wrong.
    """
    if "/" in name or name.endswith((_SUFFIX, ".yml")):
        try:
            return parse_mapping(Path(name).expanduser().read_text(), name)
        except (OSError, UnicodeDecodeError) as problem:
            raise MappingError(f"{name}: cannot be read: {getattr(problem, 'strerror', problem)}") from problem
    if name not in ready():
        raise MappingError(f"there is no mapping {name!r}, {suggestion(name, ready())}; of a file give the path")
    return parse_mapping((_READY / f"{name}{_SUFFIX}").read_text(), name)
