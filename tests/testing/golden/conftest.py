"""Runs the tests of a stranger, who records a server and replays it."""

import httpcore
import pytest

# Before pytester notes which modules there are: it drops all others, and some cannot be imported twice.
from causely_core.testing.golden import golden, grpc, messages

ONCE = (golden, grpc, messages, httpcore)
SCOPE = "asyncio_default_fixture_loop_scope=function"


@pytest.fixture
def golden_tests(pytester):
    """Runs the text of a test module; the recordings are below ``golden/test_it``."""

    def run(source, *options):
        pytester.makepyfile(test_it=source)
        found = pytester.runpytest_inprocess("-p", "causely_core.testing.plugin", "-q", "-o", SCOPE, *options)
        return found.stdout.str()

    return run
