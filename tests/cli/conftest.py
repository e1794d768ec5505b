import asyncio
import time

import pytest
import yaml
from attrs import frozen

from causely_core.cli.main import main
from causely_core.services.demo import stack

from .told import tell


@frozen
class Done:
    status: int
    out: str
    err: str


@frozen
class Running:
    """A running ``causely run`` and where its files are."""

    stack: stack.Stack
    data_dir: str

    @property
    def api(self):
        return ("--api", self.stack.api)


@pytest.fixture
def causely(capsys):
    """Runs one command in this process, as the entry point of the command line does."""

    def run(*arguments):
        with pytest.raises(SystemExit) as exit:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Done(exit.value.code, captured.out, captured.err)

    return run


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    """Mediator and analyzer with every installed plugin, told of a failing service by an agent."""
    folder = tmp_path_factory.mktemp("causely")
    with stack.running(folder) as one:
        config = yaml.safe_load((folder / "causely.yaml").read_text())
        asyncio.run(tell(config["mediator"]["agents_listen"], folder))
        wait_for(lambda: one.items("root-causes", active=True))
        yield Running(one, config["data_dir"])


def wait_for(condition):
    deadline = time.monotonic() + 30.0
    while not condition():
        assert time.monotonic() < deadline, "no root cause was named in time"
        time.sleep(0.05)
