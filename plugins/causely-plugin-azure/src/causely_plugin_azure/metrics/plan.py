"""Which requests give the values of which resources. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby

from attrs import evolve, frozen

from causely_plugin_azure.metrics.measure import Measure
from causely_plugin_azure.service import Service
from causely_plugin_azure.telling import Known

MOST_RESOURCES = 50
"""Resources of a request, the most that Azure allows; they are of one subscription, region and namespace."""

MOST_METRICS = 20
"""Metrics of a request, likewise."""


@frozen
class MetricsRequest:
    """One request.

    Attributes:
        subscription: whose resources they are.
        region: where they are.
        namespace: of the metrics.
        grain: seconds.
        split: the dimension by which values come apart; empty for none.
        measures: what is to be known of each resource.
        asked: the resources.
    """

    subscription: str
    region: str
    namespace: str
    grain: int
    split: str
    measures: tuple[Measure, ...]
    asked: tuple[Known, ...]

    @property
    def names(self) -> list[str]:
        """The metrics."""
        return sorted({term.metric for measure in self.measures for term in measure.terms})

    @property
    def aggregations(self) -> list[str]:
        """How they are summed up."""
        return sorted({term.aggregation.value for measure in self.measures for term in measure.terms})

    def halves(self) -> tuple[MetricsRequest, MetricsRequest]:
        """The same for half of the resources each."""
        middle = len(self.asked) // 2
        return evolve(self, asked=self.asked[:middle]), evolve(self, asked=self.asked[middle:])

    def without(self, metrics: Collection[str]) -> MetricsRequest:
        """The same without what takes one of ``metrics``."""
        kept = (each for each in self.measures if not any(term.metric in metrics for term in each.terms))
        return evolve(self, measures=tuple(kept))


def plan(found: Iterable[Known]) -> list[MetricsRequest]:
    """The requests for all values of these resources; the same whatever their order."""
    measured = sorted((each for each in found if each.service.measures), key=_order)
    return [request for place, each in groupby(measured, key=_place) for request in _requests(place, [*each])]


def parts(service: Service) -> dict[tuple[int, str], tuple[Measure, ...]]:
    """The measures of a service that can be asked for together, by grain and split."""
    found: dict[tuple[int, str], list[Measure]] = {}
    for measure in service.measures:
        found.setdefault((measure.grain, measure.terms[0].split), []).append(measure)
    return {key: tuple(measures) for key, measures in found.items()}


def _requests(place: tuple[str, str, str, str], each: list[Known]) -> Iterator[MetricsRequest]:
    subscription, region, namespace, _ = place
    for (grain, split), measures in parts(each[0].service).items():
        for start in range(0, len(each), MOST_RESOURCES):
            some = tuple(each[start : start + MOST_RESOURCES])
            yield MetricsRequest(subscription, region, namespace, grain, split, measures, some)


def _place(each: Known) -> tuple[str, str, str, str]:
    service, resource = each.service, each.resource
    return resource.subscription, resource.location or "global", service.namespace or service.type, service.name


def _order(each: Known) -> tuple[tuple[str, str, str, str], str]:
    return _place(each), each.resource.known_by
