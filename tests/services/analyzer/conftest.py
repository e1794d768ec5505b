import httpx
import pytest

from .standalone import analyzer
from .worlds import mediator, until


@pytest.fixture
async def served(tmp_path):
    served = analyzer(tmp_path / "data")
    await served.start()
    yield served
    await served.stop()


@pytest.fixture
async def told(served, tmp_path):
    async with mediator(served.port, tmp_path) as one:
        yield one


@pytest.fixture
async def api(served):
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{served.api_port}/api/v1") as client:

        async def answers():
            try:
                return (await client.get("/status")).is_success
            except httpx.TransportError:
                return False

        await until(answers)
        yield client
