"""An example of a plugin for causely: folders in which files wait to be processed."""

from causely_plugin_example.plugin import ExamplePlugin

__all__ = ["ExamplePlugin"]
