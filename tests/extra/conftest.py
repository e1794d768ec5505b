import sys

import pytest


@pytest.fixture(autouse=True)
def own_path():
    """What a test makes importable is so for that test only."""
    before = list(sys.path)
    yield
    sys.path[:] = before


@pytest.fixture
def wheels(tmp_path):
    folder = tmp_path / "wheels"
    folder.mkdir()
    return folder
