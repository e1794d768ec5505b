"""An analyzer that is killed in the middle of a stream loses nothing and doubles nothing."""

import asyncio
import json
import signal
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from causely_core.model import Entity, TopologyDelta
from causely_core.wire.update import Snapshot

from .worlds import mediator, symptom, symptoms, until

KILLS = 3
PART = 60
"""Deltas said before each kill."""


def no_snapshot():
    raise AssertionError("nothing may be lost, so that no snapshot is ever needed")


@asynccontextmanager
async def process(data_dir):
    """A running analyzer that is killed at the end."""
    script = Path(__file__).with_name("standalone.py")
    child = await asyncio.create_subprocess_exec(
        sys.executable, str(script), str(data_dir), stdout=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(20.0):
            said = json.loads(await child.stdout.readline())
        yield said
    finally:
        child.send_signal(signal.SIGKILL)
        await child.wait()


async def speak(one, numbers):
    for number in numbers:
        entity = Entity.of("Service", f"s{number:03}")
        await one.say(TopologyDelta("otlp", number, (entity,)), symptoms(symptom(entity.id, onset=float(number))))
        await asyncio.sleep(0)


async def test_kills_in_the_middle_of_a_stream(tmp_path):
    for part in range(KILLS):
        async with (
            process(tmp_path / "data") as said,
            mediator(said["port"], tmp_path, no_snapshot) as one,
        ):
            reached = one.link.spool.first
            await speak(one, range(part * PART + 1, (part + 1) * PART + 1))
            await until(lambda one=one, reached=reached: beyond(one, reached))
    async with process(tmp_path / "data") as said, api_of(said) as api:
        async with mediator(said["port"], tmp_path, no_snapshot) as one, asyncio.timeout(20.0):
            await one.link.drained()
        listed = await page(api, "symptoms")
        assert sorted(item["onset"] for item in listed["items"]) == list(range(1, KILLS * PART + 1))
        assert (await page(api, "entities"))["total"] == KILLS * PART
        (cause,) = await until(lambda: named(api))
        assert cause["entity"] == "Service:s001"


def api_of(said):
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{said['api_port']}/api/v1")


async def named(api):
    return (await page(api, "root-causes", active=True))["items"]


async def beyond(one, reached):
    """Whether some updates were stored and, most likely, not all."""
    return one.link.spool.first > reached


async def page(api, path, **parameters):
    answer = await api.get(f"/{path}", params={"limit": 500, **parameters})
    return answer.raise_for_status().json()


async def test_a_lost_spool_is_made_good_by_a_snapshot(served, api, tmp_path):
    entities = (Entity.of("Service", "kept"),)

    def everything():
        return Snapshot((TopologyDelta("otlp", 1, entities, snapshot=True),), ())

    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
        async with mediator(served.port, tmp_path / folder, everything) as one:
            await one.say(TopologyDelta("otlp", 5, (Entity.of("Service", folder),)))
            async with asyncio.timeout(20.0):
                await one.link.drained()
    names = [item["name"] for item in (await page(api, "entities"))["items"]]
    assert names == ["kept"]
