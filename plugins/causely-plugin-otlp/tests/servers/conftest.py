"""Whatever a client sends, the log tells no traceback of it."""

import pytest


@pytest.fixture(autouse=True)
def _no_traceback_is_told(caplog, capfd):
    yield
    assert [record.getMessage() for record in caplog.get_records("call") if record.exc_info] == []
    assert "Traceback" not in "".join(capfd.readouterr())
