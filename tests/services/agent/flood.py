"""A plugin whose symptoms begin and end all the time; it notes on disk what has been told for certain."""

import asyncio
import json
import time

from causely_core.hookspecs import hookimpl
from causely_core.model import Baseline, Entity, ObservationBatch, Series, Symptom, ThresholdSource, TopologyDelta

HIGH = "RequestRate_High"
STEP = 5
"""Symptoms that begin with each judgement."""
LASTING = 3
"""Judgements that a symptom lasts."""
HOST = Entity.of("Node", "host")


class FloodPlugin:
    causely_api = 1
    causely_shares_loop = True

    @hookimpl
    def causely_collectors(self, context):
        return [Pulse()] if context.component == "agent" else []

    @hookimpl
    def causely_discoverers(self, context):
        return [Pulse()] if context.component == "agent" else []

    @hookimpl
    def causely_symptom_detectors(self, context):
        return [Flood(context.data_dir)] if context.component == "agent" else []


class Pulse:
    name = "pulse"

    async def observe(self):
        while True:
            yield ObservationBatch.at(time.time(), [(Series(HOST.id, "request_rate"), 1.0)])
            await asyncio.sleep(0.1)

    async def discover(self):
        yield TopologyDelta("", 0, (HOST,), snapshot=True)
        await asyncio.Event().wait()


class Flood:
    name = "flood"
    attributes = ("request_rate",)

    def __init__(self, folder):
        self.symptoms = {HIGH: "request_rate"}
        self._told = (folder / "told").open("a", buffering=1)
        self._stop = folder / "stop"
        self._answered = ()
        self._turn = 0

    def detect(self, window):
        # That it is asked again means that the answer before has been spooled.
        for symptom in self._answered:
            self._told.write(json.dumps([symptom.entity, symptom.onset]) + "\n")
        self._answered = (*self._ending(window), *self._beginning(window))
        return self._answered

    def _ending(self, window):
        # Others may see symptoms of this machine: those are not the flood's to end.
        own = [symptom for symptom in window.active.values() if symptom.detector == self.name]
        onsets = sorted({symptom.onset for symptom in own})
        if len(onsets) >= LASTING or self._stop.exists():
            for symptom in own:
                if symptom.onset == onsets[0]:
                    yield abnormal(symptom.entity, symptom.onset, False)

    def _beginning(self, window):
        self._turn = (self._turn + 1) % (2 * LASTING)
        if not self._stop.exists():
            for number in range(STEP):
                yield abnormal(f"Service:s{STEP * self._turn + number}", window.now, True)


def abnormal(entity, onset, active):
    baseline = Baseline(1.0, 10.0, ThresholdSource.DEFAULT)
    return Symptom(entity, HIGH, active, onset, time.time(), 0.5, "request_rate", 20.0, baseline, "flood")
