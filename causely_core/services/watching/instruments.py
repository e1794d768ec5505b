"""What a watch counts about itself."""

from __future__ import annotations

from opentelemetry.metrics import CallbackOptions, Meter, Observation

from causely_core.services.watching.judging import Judge
from causely_core.services.watching.topology import TopologyIntake


def instrument(meter: Meter, component: str, judge: Judge, intake: TopologyIntake) -> None:
    """Show in ``meter`` how much is known and how much of it is abnormal; points carry ``component``."""
    part = {"component": component}

    def observe_active(_: CallbackOptions) -> list[Observation]:
        return [Observation(len(judge.active), part)]

    def observe_entities(_: CallbackOptions) -> list[Observation]:
        return [Observation(len(intake.entities), part)]

    meter.create_observable_gauge("causely.symptoms.active", [observe_active])

    def observe_refused(_: CallbackOptions) -> list[Observation]:
        return [Observation(judge.buffer.refused, part)]

    meter.create_observable_gauge("causely.topology.entities", [observe_entities])
    meter.create_observable_counter("causely.series.refused", [observe_refused])
