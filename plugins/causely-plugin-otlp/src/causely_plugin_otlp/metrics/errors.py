"""What can be wrong with one data point."""

from __future__ import annotations


class Malformed(ValueError):
    """The point is rejected; the text is told to the client and holds nothing of the point's content."""
