"""Telling what of an event loop's time one of its many users takes."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Generator
from types import coroutine
from typing import Any, TypeVar

T = TypeVar("T")


@coroutine
def metered(work: Awaitable[T], spend: Callable[[float], None]) -> Generator[Any, Any, T]:
    """Await ``work``, as ``await`` does, and tell ``spend`` the processor seconds of each of its steps.

    A step is what runs from one wait to the next. Threads and tasks that ``work`` starts are not part of it.
    """
    steps: Any = work.__await__()
    advance, value = steps.send, None
    while True:
        began = time.thread_time()
        try:
            waited_for = advance(value)
        except StopIteration as end:
            answer: T = end.value
            return answer
        finally:
            spend(time.thread_time() - began)
        try:
            advance, value = steps.send, (yield waited_for)
        except BaseException as problem:  # a cancellation most often: it is for whoever waits inside
            advance, value = steps.throw, problem
