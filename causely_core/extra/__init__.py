"""Plugins that do not come with causely: named in the configuration, installed into a folder of their own."""

from causely_core.extra.extra_plugin import Component, ExtraPlugin
from causely_core.extra.sections import missing, sections_for

__all__ = ["Component", "ExtraPlugin", "missing", "sections_for"]
