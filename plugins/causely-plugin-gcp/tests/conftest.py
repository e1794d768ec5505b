"""A Google Cloud for each test that wants one."""

import pytest

from .google_cloud import GoogleCloud


@pytest.fixture
def cloud():
    """Empty."""
    one = GoogleCloud().start()
    yield one
    one.stop()
