"""Which metrics mean which attribute. Pure."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from attrs import frozen

from causely_plugin_azure.resource import Resource

MINUTE = 60
"""Seconds; the finest grain of Azure's metrics."""


class Aggregation(StrEnum):
    """How Azure sums up what it measured within a grain."""

    AVERAGE = "average"
    TOTAL = "total"
    MAXIMUM = "maximum"
    MINIMUM = "minimum"
    COUNT = "count"


@frozen
class Term:
    """One number of a resource.

    Attributes:
        metric: Azure's name of it.
        aggregation: how it is summed up.
        split: a dimension of it; empty for the sum over all.
        only: values of the dimension that are added; all when there is none.
        missing: what it is where Azure tells nothing though it tells other terms; none when there is no value then.
    """

    metric: str
    aggregation: Aggregation
    split: str = ""
    only: frozenset[str] = frozenset()
    missing: float | None = None


@frozen
class Measure:
    """One attribute out of some numbers.

    Attributes:
        attribute: of docs/attributes.md, or the plugin's own.
        terms: the numbers.
        value: the attribute's value out of them, in their order; none when it has none.
        grain: seconds.
        each: the dimension whose values are things in the resource, when the values are theirs.
        counts: whether it is a number of things in the grain, and not a level.
    """

    attribute: str
    terms: tuple[Term, ...]
    value: Callable[[Resource, tuple[float, ...]], float | None]
    grain: int = MINUTE
    each: str = ""
    counts: bool = False


def level(
    attribute: str,
    metric: str,
    aggregation: Aggregation = Aggregation.AVERAGE,
    scale: float = 1.0,
    each: str = "",
    plus: float = 0.0,
) -> Measure:
    """The metric itself, times ``scale``, and ``plus``."""
    term = Term(metric, aggregation, each)
    return Measure(attribute, (term,), lambda _, found: found[0] * scale + plus, each=each)


def percent(attribute: str, metric: str, aggregation: Aggregation = Aggregation.AVERAGE, each: str = "") -> Measure:
    """A metric in percent, as a share."""
    return level(attribute, metric, aggregation, 0.01, each)


def per_second(attribute: str, metric: str, each: str = "") -> Measure:
    """A metric that counts, as a rate."""
    return level(attribute, metric, Aggregation.TOTAL, 1.0 / MINUTE, each)


def count(attribute: str, metric: str) -> Measure:
    """A metric that counts, as a number."""
    return Measure(attribute, (Term(metric, Aggregation.TOTAL),), lambda _, found: found[0], counts=True)


def share(attribute: str, part: Term, *whole: Term) -> Measure:
    """``part`` of the sum of ``whole``; no value while there is nothing to be a part of."""
    return Measure(attribute, (part, *whole), lambda _, found: _share(found[0], sum(found[1:])))


def of_limit(attribute: str, limit: Callable[[Resource], float], *terms: Term) -> Measure:
    """The sum of ``terms`` by what the resource may do at most; no value where that is not known."""
    return Measure(attribute, terms, lambda resource, found: _share(sum(found), limit(resource)))


def state(
    attribute: str, metric: str, aggregation: Aggregation, holds: Callable[[float], bool], each: str = ""
) -> Measure:
    """1 while ``holds`` says so of the metric, else 0."""
    return Measure(attribute, (Term(metric, aggregation, each),), lambda _, found: float(holds(found[0])), each=each)


def total(metric: str, split: str = "", *only: str) -> Term:
    """How many there were; zero where Azure tells nothing of it."""
    return Term(metric, Aggregation.TOTAL, split, frozenset(only), 0.0)


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0.0 else None
