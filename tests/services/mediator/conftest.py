import pytest

from ..shop import ShopPlugin, running
from .worlds import Receiver, mediator


@pytest.fixture
async def analyzer():
    receiver = Receiver()
    await receiver.start()
    yield receiver
    await receiver.stop()


@pytest.fixture
def plugin():
    return ShopPlugin()


@pytest.fixture
async def served(tmp_path, analyzer, plugin):
    """A mediator that reports to ``analyzer`` and watches through ``plugin``."""
    async with running(mediator(tmp_path, analyzer.port, plugin)) as one:
        yield one
