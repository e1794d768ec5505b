"""The collector: what is not well at every beat, and all that is in turn."""

import asyncio

import structlog
from causely_plugin_kubernetes import KubernetesConfig
from causely_plugin_kubernetes.conditions.collector import ROUND, ConditionsCollector, Round
from causely_plugin_kubernetes.conditions.conditions import Conditions
from causely_plugin_kubernetes.conditions.told import Told, Value
from opentelemetry.metrics import NoOpMeter

from causely_core.detection.builtin import builtin_detectors
from causely_core.detection.judge import judge
from causely_core.detection.windows import WindowBuffer
from causely_core.hookspecs import HookContext
from causely_core.model import Series, SystemClock

BEAT, PODS = 2.0, 25


def told(number, value=0.0):
    return Told(f"p-{number}", (Value(Series(f"Pod:p-{number}", "not_ready"), value),))


def filled():
    conditions = Conditions()
    conditions.replace("pods", map(told, range(PODS)), 0.0)
    return conditions


def test_all_is_told_in_a_round_and_what_is_not_well_at_every_beat():
    conditions = filled()
    rounds, now = Round(conditions), 100.0
    rounds.batch(now)
    conditions.put("pods", told(3, 1.0), now)
    batches = [rounds.batch(now + beat * BEAT) for beat in range(1, 2 * ROUND)]
    assert all(Series("Pod:p-3", "not_ready") in batch.series for batch in batches)
    assert {series.entity for batch in batches for series in batch.series} == {f"Pod:p-{n}" for n in range(PODS)}
    assert max(map(len, batches)) <= -(-PODS // ROUND) + 1
    assert all(len(set(batch.series)) == len(batch) for batch in batches)


def test_a_symptom_shows_within_three_beats_and_clears_within_three():
    conditions, buffer, active = filled(), WindowBuffer(), {}
    rounds, shown = Round(conditions), []
    for beat in range(60):
        now = 1000.0 + beat * BEAT
        if beat in (20, 40):
            conditions.put("pods", told(3, float(beat == 20)), now - 0.1)
        buffer.append(rounds.batch(now))
        active = judge(builtin_detectors(), buffer, now, active, {}, {}).active
        if active:
            shown.append(beat)
    assert shown == list(range(22, 42))


async def test_observations_are_given_until_the_collector_is_closed(tmp_path):
    config = KubernetesConfig(conditions_interval=0.02)
    context = HookContext("mediator", config, SystemClock(), structlog.get_logger(), NoOpMeter("test"), tmp_path)
    conditions = Conditions()
    stream = ConditionsCollector(context, conditions).observe()
    first = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    conditions.put("pods", told(1, 1.0), 0.0)
    async with asyncio.timeout(20.0):
        batch = await first
        assert [(row.series, row.value) for row in batch] == [(Series("Pod:p-1", "not_ready"), 1.0)]
        await anext(stream)
    await stream.aclose()
