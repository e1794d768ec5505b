"""Command lines: which argument of an interpreter is the program that it runs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from attrs import frozen

_VERSION = re.compile(r"[\d.]+$")


@frozen
class Interpreter:
    """How an interpreter takes its arguments.

    Attributes:
        valued: options whose value is an argument of its own.
        inline: options after which the program is text, not a file, and has no name.
        module: options whose value names the program.
        verbs: words that may stand before the program (``deno run``).
    """

    valued: frozenset[str] = frozenset()
    inline: frozenset[str] = frozenset()
    module: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PYTHON = Interpreter(_words("-W -X -Q --check-hash-based-pycs"), _words("-c"), _words("-m"))
_NODE = Interpreter(
    _words("-r --require --import --loader --experimental-loader -C --conditions --env-file --title"),
    _words("-e --eval -p --print"),
)
_SHELL = Interpreter(_words("-o +o -O +O --rcfile --init-file"), _words("-c -s"))
_JAVA = Interpreter(
    _words("-cp -classpath --class-path -p --module-path --add-modules --add-opens --add-exports --add-reads"),
    module=_words("-jar -m --module"),
)

INTERPRETERS: Mapping[str, Interpreter] = {
    "python": _PYTHON,
    "pypy": _PYTHON,
    "node": _NODE,
    "nodejs": _NODE,
    "deno": Interpreter(_words("-c --config --import-map --lock --cert -A"), _words("eval"), verbs=_words("run serve")),
    "bun": Interpreter(_words("-r --preload --config --cwd"), _words("-e --eval"), verbs=_words("run")),
    "ruby": Interpreter(_words("-I -r -C -E"), _words("-e")),
    "perl": Interpreter(_words("-I -M"), _words("-e -E")),
    "php": Interpreter(_words("-d -c -z -S -t"), _words("-r"), module=_words("-f")),
    "java": _JAVA,
    "dotnet": Interpreter(
        _words("--runtimeconfig --depsfile --additionalprobingpath --fx-version"),
        module=_words("--project"),
        verbs=_words("exec run watch"),
    ),
    **dict.fromkeys(("sh", "bash", "dash", "ash", "zsh", "ksh"), _SHELL),
}
"""By the name of the executable without its version."""


def interpreter_of(executable: str) -> Interpreter | None:
    """The interpreter that an executable is (``/usr/bin/python3.11``), or none."""
    return INTERPRETERS.get(unversioned(executable))


def unversioned(executable: str) -> str:
    """The name of an executable without the version at its end: ``/usr/bin/python3.11`` is ``python``."""
    return _VERSION.sub("", PurePosixPath(executable).name)


def run_by(interpreter: Interpreter, arguments: Sequence[str]) -> tuple[str, Sequence[str]]:
    """What an interpreter runs, a file or a module, and the arguments after it; empty when it has no name.

    Args:
        interpreter: how it reads its arguments.
        arguments: the command line, the interpreter itself first.
    """
    rest = iter(range(1, len(arguments)))
    for at in rest:
        argument = arguments[at]
        if argument in interpreter.inline:
            break
        if argument in interpreter.module:
            return (arguments[at + 1], arguments[at + 2 :]) if at + 1 < len(arguments) else ("", ())
        if argument in interpreter.valued:
            next(rest, None)
        elif not argument.startswith(("-", "+")) and argument not in interpreter.verbs:
            return argument, arguments[at + 1 :]
    return "", ()
