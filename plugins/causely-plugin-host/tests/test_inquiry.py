"""How often a page is asked for that is refused."""

from itertools import pairwise

import pytest
import structlog
from causely_plugin_host.kubelet.inquiry import LONGEST, Inquiry
from structlog.testing import capture_logs

from causely_core.host import KubeletError


class Page:
    """Answers, or refuses."""

    def __init__(self):
        self.asked, self.problem = 0, ""

    async def ask(self):
        self.asked += 1
        if self.problem:
            raise KubeletError(self.problem)
        return "told"


@pytest.fixture
def page():
    return Page()


@pytest.fixture
def inquiry():
    return Inquiry(20.0, structlog.get_logger())


async def times(page, inquiry, start, end):
    """When it was asked, of attempts every twenty seconds."""
    asked = []
    for now in range(start, end, 20):
        before = page.asked
        await inquiry.answer(float(now), page.ask)
        asked += [now] * (page.asked - before)
    return asked


async def test_one_that_answers_is_asked_each_time(page, inquiry):
    assert await times(page, inquiry, 0, 100) == [0, 20, 40, 60, 80]
    assert await inquiry.answer(100.0, page.ask) == "told"


async def test_one_that_refuses_is_asked_less_and_less_often(page, inquiry):
    page.problem = "HTTP 403"
    assert await times(page, inquiry, 0, 600) == [0, 20, 60, 140, 300, 580]
    asked = await times(page, inquiry, 600, 6000)
    assert {later - earlier for earlier, later in pairwise(asked)} <= {280, LONGEST}


async def test_once_it_answers_again_it_is_asked_as_before(page, inquiry):
    page.problem = "HTTP 403"
    await times(page, inquiry, 0, 600)
    page.problem = ""
    assert await times(page, inquiry, 880, 960) == [880, 900, 920, 940]


async def test_a_clock_that_is_set_back_does_not_silence_it(page, inquiry):
    page.problem = "HTTP 403"
    assert await times(page, inquiry, 10_000, 10_040) == [10_000, 10_020]
    assert await times(page, inquiry, 0, 20) == [0]


async def test_a_problem_is_told_once_and_anew_after_it_was_gone(page, inquiry):
    with capture_logs() as logged:
        for now, problem in enumerate(["HTTP 403", "HTTP 403", "HTTP 500", "", "HTTP 500"]):
            page.problem = problem
            assert await inquiry.answer(1000.0 * now, page.ask) == (None if problem else "told")
    assert [row["error"] for row in logged] == ["HTTP 403", "HTTP 500", "HTTP 500"]
