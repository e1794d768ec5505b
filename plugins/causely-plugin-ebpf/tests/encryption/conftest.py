"""A program in Go that talks over TLS."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("talking.go")


@pytest.fixture(scope="session")
def build(tmp_path_factory):
    """Builds the program, or another one, for a machine; skips without Go."""
    go = shutil.which("go", path=f"{os.environ['PATH']}:/usr/local/go/bin")
    if go is None:
        pytest.skip("Go is not installed (https://go.dev/dl)")

    def built(*options, machine="", cgo="0", source=SOURCE):
        result = tmp_path_factory.mktemp("go") / "talking"
        surroundings = os.environ | {"GOTOOLCHAIN": "local", "CGO_ENABLED": cgo, "GOARCH": machine}
        command = (go, "build", *options, "-o", result, source)
        made = subprocess.run(command, env=surroundings, capture_output=True, text=True)
        assert made.returncode == 0, made.stderr
        return result

    return built


STRIPPED = "-ldflags=-s -w"
NOT_INLINED = "-gcflags=all=-l"


@pytest.fixture(scope="session", params=[(STRIPPED,)])
def talking(build, request):
    """The program as containers have it: without symbols."""
    return str(build(*request.param))
