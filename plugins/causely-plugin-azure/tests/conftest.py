"""An Azure for each test that wants one."""

import pytest

from .azure import Azure


@pytest.fixture
async def azure(tmp_path):
    running = Azure(tmp_path)
    await running.start()
    yield running
    await running.stop()
