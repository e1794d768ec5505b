"""What single objects of Kubernetes say of the topology: pure functions, one for each kind.

An object names the entity that it is, and its relations to others, which other objects name. Ids are those that the
agent and OpenTelemetry's attributes give the same things, so that all three speak of one.
"""

from causely_plugin_kubernetes.fragments.fragment import Fragment, ignored
from causely_plugin_kubernetes.fragments.kinds import FRAGMENTS

__all__ = ["FRAGMENTS", "Fragment", "ignored"]
