"""One watch for all, made anew for whom the old one is of no use."""

import asyncio

from causely_plugin_aws.shared import Shared

from .watching import context
from .world import REGION


def test_those_of_one_event_loop_share_a_watch_and_the_last_closes_it(tmp_path):
    async def share():
        shared = Shared(context(tmp_path, regions=[REGION]))
        async with shared.opened() as first, shared.opened() as second:
            assert first is second
        async with shared.opened() as third:
            assert third is not first

    asyncio.run(share())


def test_an_event_loop_that_was_given_up_keeps_nothing_from_the_next(tmp_path):
    shared = Shared(context(tmp_path, regions=[REGION]))
    given_up = asyncio.new_event_loop()
    stream = shared.opened()
    old = given_up.run_until_complete(stream.__aenter__())

    async def again():
        async with shared.opened() as new:
            assert new is not old

    asyncio.run(again())
    given_up.run_until_complete(stream.__aexit__(None, None, None))
    given_up.close()
