"""Log lines as another program reads them from stderr."""

import json
import subprocess
import sys

import pytest

from causely_core.config import structure
from causely_core.errors import ConfigError
from causely_core.services.logs import LogConfig

SAY = """
import logging, sys
from causely_core.services.logs import LogConfig, start_logging

logger = start_logging("mediator", LogConfig(*sys.argv[1:]))
logger.debug("fine detail")
logger.info("link up", target="analyzer:50055")
try:
    1 / 0
except ZeroDivisionError:
    logger.exception("judging failed")
logging.getLogger("grpc").info("chatter")
logging.getLogger("grpc").warning("goaway")
"""


def said(*config):
    done = subprocess.run([sys.executable, "-c", SAY, *config], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == ""
    return done.stderr.splitlines()


def test_lines_are_json_when_nobody_watches():
    *lines, warning = said("info")
    rows = [json.loads(line) for line in lines]
    assert [row["event"] for row in rows] == ["link up", "judging failed"]
    assert {row["component"] for row in rows} == {"mediator"}
    assert (rows[0]["level"], rows[0]["target"]) == ("info", "analyzer:50055")
    assert rows[0]["timestamp"].endswith("Z")
    assert "ZeroDivisionError" in rows[1]["exception"]
    assert warning == "grpc: goaway"


def test_the_level_decides_what_is_written():
    assert [json.loads(line)["event"] for line in said("debug")[:2]] == ["fine detail", "link up"]
    assert json.loads(said("error")[0])["event"] == "judging failed"


def test_people_can_ask_for_lines_of_their_own():
    line = said("info", "console")[0]
    assert "link up" in line
    assert "target" in line
    assert not line.startswith("{")


@pytest.mark.parametrize(
    ("section", "line"),
    [
        ({"level": "loud"}, "log: 'level' must be in ('debug', 'info', 'warning', 'error') (got 'loud')"),
        ({"format": "xml"}, "log: 'format' must be in ('auto', 'json', 'console') (got 'xml')"),
    ],
)
def test_what_is_none_is_refused(section, line):
    with pytest.raises(ConfigError) as caught:
        structure(section, LogConfig, "log")
    assert str(caught.value) == line
