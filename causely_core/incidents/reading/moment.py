"""Points in time as people and machines write them."""

from __future__ import annotations

from datetime import datetime


def moment(text: str) -> float:
    """Seconds since the epoch, from these or from RFC 3339.

    Raises:
        ValueError: it is neither, or no time zone is given.
    """
    try:
        return float(text)
    except ValueError:
        when = datetime.fromisoformat(text)
        if when.tzinfo is None:
            raise ValueError(f"{text!r} has no time zone") from None
        return when.timestamp()
