"""Units as metrics name them (UCUM, or words), in those of docs/attributes.md."""

from __future__ import annotations

_SECONDS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ns": 1e-9, "min": 60.0, "h": 3600.0}
_WORDS = {"seconds": 1.0, "milliseconds": 1e-3, "microseconds": 1e-6, "nanoseconds": 1e-9, "percent": 0.01}
_BYTES = {
    f"{prefix}{byte}": float(size)
    for byte in ("By", "B")
    for prefix, size in {
        "": 1,
        "k": 1e3,
        "K": 1e3,
        "M": 1e6,
        "G": 1e9,
        "Ki": 1 << 10,
        "Mi": 1 << 20,
        "Gi": 1 << 30,
    }.items()
}
_FACTORS = _SECONDS | _WORDS | _BYTES | {"%": 0.01}


def factor(unit: str) -> float:
    """What to multiply a value in ``unit`` by to have seconds, bytes, shares, cores or plain counts.

    Unknown units, ``1`` and annotations such as ``{connection}`` are counts.
    """
    return _FACTORS.get(unit, 1.0)
