"""What to call the program of a process: of its command line only file, module and application names are looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import PurePosixPath

from causely_core.host.commands import interpreter_of, run_by
from causely_core.host.processes import Process

_GENERIC = frozenset(
    "__main__ __init__ main app application server index celery wsgi asgi manage cli run start bootstrap launcher"
    " program program.cs".split()
)
"""Names that every second program has, so that the folder or package around says more."""
_NO_NAME = frozenset("/ . .. src dist build out bin sbin lib target publish usr local opt srv tmp".split())
_SERVERS = frozenset("gunicorn uvicorn hypercorn daphne granian waitress-serve uwsgi".split())
_TASKS = frozenset({"celery", "flask"})
_APPLICATION = re.compile(r"([A-Za-z_][\w.]*):[A-Za-z_][\w.]*(?:\(.*\))?")
_TITLE = re.compile(r"[\w-]+[: ][^\[]*\[([\w.:/-]+)\]")
"""``gunicorn: master [shop.wsgi:app]``, as programs that rewrite their command line show themselves."""
_FILE = re.compile(r"\.(?:py|pyc|pyz|js|mjs|cjs|ts|mts|rb|pl|php|sh|jar|war|dll|exe)$")
_ARTIFACT_VERSION = re.compile(r"-v?\d[\w.+-]*$")


def program(process: Process) -> str:
    """The name of what a process runs; empty for an interpreter that runs nothing with a name.

    ``python -m shop.services.cart`` is ``cart``, ``node /srv/web/index.js`` is ``web``, ``/usr/sbin/nginx`` is
    ``nginx``. The text is as it stands there: :func:`causely_core.host.naming.tidy` makes it fit for a name.
    """
    interpreter = interpreter_of(process.executable or process.name)
    if interpreter is None:
        return _own_name(process)
    if len(process.arguments) == 1 and (title := _TITLE.fullmatch(process.arguments[0])):
        return _module(title[1].partition(":")[0])
    what, rest = run_by(interpreter, process.arguments)
    return _program(what, rest, process.directory) if what else ""


def _own_name(process: Process) -> str:
    """A busybox is what it is called as; a program that was never a file has only its short name."""
    name = process.name if process.executable.startswith("/memfd:") else PurePosixPath(process.executable).name
    name = name or process.name
    if name in ("busybox", "coreutils", "toybox") and process.arguments:
        return PurePosixPath(process.arguments[0]).name
    return name


def _program(what: str, rest: Sequence[str], directory: str) -> str:
    runner = PurePosixPath(what).name
    if runner in _SERVERS:
        return _option(rest, "-n", "--name") or _application(rest) or runner
    if runner in _TASKS:
        return _module(_option(rest, "-A", "--app").partition(":")[0]) or runner
    if "/" in what or _FILE.search(what) or what == ".":
        return _script(PurePosixPath(directory, what))
    return _module(what)


def _script(path: PurePosixPath) -> str:
    """The file's stem without a version, or the nearest folder that says more; a descriptor has no name."""
    if path.is_relative_to("/dev") or path.is_relative_to("/proc"):
        return ""
    stem = _ARTIFACT_VERSION.sub("", _FILE.sub("", path.name))
    if stem.lower() not in _GENERIC | _NO_NAME:
        return stem
    return next((folder for folder in _folders(path.parent) if folder not in _NO_NAME), stem)


def _folders(path: PurePosixPath) -> Iterator[str]:
    return (folder.name for folder in (path, *path.parents) if folder.name)


def _module(dotted: str) -> str:
    """The last part of a module's or class's name that says something, else the last."""
    parts = [part for part in re.split(r"[./]", dotted) if part]
    return next((part for part in reversed(parts) if part.lower() not in _GENERIC), parts[-1] if parts else "")


def _application(arguments: Sequence[str]) -> str:
    found = (_APPLICATION.fullmatch(argument) for argument in arguments)
    return next((_module(match[1]) for match in found if match), "")


def _option(arguments: Sequence[str], short: str, long: str) -> str:
    joined = next((a.partition("=")[2] for a in arguments if a.startswith(f"{long}=")), "")
    return joined or next((value for option, value in pairwise(arguments) if option in (short, long)), "")
