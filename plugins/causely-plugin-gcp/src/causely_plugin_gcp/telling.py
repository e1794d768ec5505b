"""How often what is known is told. Pure."""

TELLING = 6.0
"""Seconds between two tellings: detectors want up to five samples that are not older than 30 s."""

GRADUAL = frozenset(("backlog",))
"""Attributes that are judged by how they grow from one telling to the next."""
