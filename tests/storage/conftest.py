import pytest

from causely_core.storage import AnalyzerStore


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'folder' / 'analyzer.db'}"


@pytest.fixture
def store(url):
    store = AnalyzerStore.open(url)
    yield store
    store.close()
