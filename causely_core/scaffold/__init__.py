"""Starting a plugin: a package that installs and whose tests pass (see :func:`create`)."""

from causely_core.scaffold.create import HOOKS, create

__all__ = ["HOOKS", "create"]
