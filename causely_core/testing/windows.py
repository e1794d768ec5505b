"""Windows to show to a detector."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from causely_core.model import AttributeWindow, EntityId, Series, Symptom, Window, entity_id

STEP = 10.0
"""Seconds from one sample to the next where nothing else is said."""


def window_of(
    now: float,
    values: Mapping[str, Mapping[str, Sequence[float]]],
    active: Iterable[Symptom] = (),
    step: float = STEP,
) -> Window:
    """A window of samples that end at ``now``.

    Args:
        now: seconds since the epoch.
        values: attribute to entity id to its samples in the attribute's unit, oldest first.
        active: symptoms that are active before.
        step: seconds from one sample to the next.
    """
    attributes = {name: _columns(name, rows, now, step) for name, rows in values.items()}
    return Window(now, attributes, {symptom.key: symptom for symptom in active})


def usual_windows(attributes: Iterable[str], now: float) -> list[Window]:
    """Windows of most shapes that occur: nothing, one sample, quiet, rising, too high, with gaps."""
    shapes = ([0.0], [0.5] * 30, [0.01 * at for at in range(30)], [0.1] * 20 + [1e9] * 10, [0.2, np.nan, 0.9] * 10)
    names = list(attributes)
    full = [
        window_of(now, {name: {_service("one"): shape, _service("two"): shape} for name in names}) for shape in shapes
    ]
    return [Window(now, {}), *full]


def sealed(window: Window) -> Window:
    """The window with arrays that refuse to be written to."""
    for columns in window.attributes.values():
        columns.times.flags.writeable = columns.values.flags.writeable = False
    return window


def _service(name: str) -> EntityId:
    return entity_id("Service", name)


def _columns(name: str, rows: Mapping[str, Sequence[float]], now: float, step: float) -> AttributeWindow:
    width = max(map(len, rows.values()), default=0)
    values = np.full((len(rows), width), np.nan)
    for at, samples in enumerate(rows.values()):
        values[at, width - len(samples) :] = samples
    times = np.broadcast_to(now - step * np.arange(width - 1, -1, -1.0), values.shape)
    return AttributeWindow(
        tuple(Series(EntityId(entity), name) for entity in rows), np.where(np.isnan(values), np.nan, times), values
    )
