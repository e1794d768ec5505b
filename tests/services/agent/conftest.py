import pytest

from ..mediator.worlds import Receiver
from ..shop import ShopPlugin
from .worlds import Home


@pytest.fixture
async def analyzer():
    receiver = Receiver()
    await receiver.start()
    yield receiver
    await receiver.stop()


@pytest.fixture
async def home(tmp_path, analyzer):
    """A running mediator that reports to ``analyzer``."""
    home = Home(tmp_path / "mediator", analyzer.port)
    await home.start()
    yield home
    await home.stop()


@pytest.fixture
def plugin():
    return ShopPlugin()
