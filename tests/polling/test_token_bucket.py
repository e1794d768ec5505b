"""A token bucket: never more than the burst and the rate allow, whoever takes."""

import asyncio
import time

from causely_core.polling import TokenBucket

RATE = 200.0


async def test_the_burst_is_given_at_once_and_the_rest_at_the_rate():
    bucket, began = TokenBucket(RATE, 5), time.monotonic()
    at = []

    async def take() -> None:
        await bucket.take()
        at.append(time.monotonic() - began)

    await asyncio.gather(*(take() for _ in range(25)))
    assert all(when >= (given - 5) / RATE - 0.001 for given, when in enumerate(sorted(at), start=1))
    assert bucket.taken == 25


async def test_much_at_once_is_waited_for():
    bucket, began = TokenBucket(RATE, 10), time.monotonic()
    await bucket.take(30)
    assert time.monotonic() - began >= 20 / RATE - 0.001


async def test_what_the_server_refused_as_too_much_empties_it():
    bucket, began = TokenBucket(RATE, 100), time.monotonic()
    bucket.empty()
    await bucket.take(10)
    assert time.monotonic() - began >= 10 / RATE - 0.001


async def test_a_server_that_wants_to_be_left_alone_is_so_from_then_on():
    bucket = TokenBucket(RATE, 100)
    await bucket.take()
    await asyncio.sleep(0.1)  # what has come in meanwhile does not shorten the pause
    began = time.monotonic()
    bucket.pause(0.2)
    await bucket.take()
    assert time.monotonic() - began >= 0.2
