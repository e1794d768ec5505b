"""Bearer tokens of a link, kept in files, which may change."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from ipaddress import ip_address
from pathlib import Path

from structlog.typing import FilteringBoundLogger

from causely_core.wire.errors import WireError
from causely_core.wire.renewable import Renewable

Tokens = Renewable[tuple[str, ...]]
"""One a line. The first is sent; each is accepted, so that a new one can be known before the old one goes."""

_HEADER, _SCHEME = "authorization", "Bearer "


def tokens(setting: str, path: Path, logger: FilteringBoundLogger) -> Tokens:
    """The tokens in a file.

    Args:
        setting: where the path was given, for errors: ``analyzer.token``.
        path: of the file.
        logger: is told when the file changes, never what it holds.

    Raises:
        WireError: there is no token in the file.
    """
    return Renewable("token", lambda: _read(setting, path), logger)


def proof(known: Tokens) -> tuple[tuple[str, str], ...]:
    """Metadata for a call that proves to have the token which the file holds now."""
    known.renew()
    return ((_HEADER, f"{_SCHEME}{known.current[0]}"),)


def is_proven(metadata: Iterable[tuple[str, str | bytes]] | None, known: Tokens) -> bool:
    """Whether a call's metadata has one of the tokens that the file holds now; as slow for any that is wrong."""
    known.renew()
    shown = [value.encode() if isinstance(value, str) else value for key, value in metadata or () if key == _HEADER]
    right = [f"{_SCHEME}{token}".encode() for token in known.current]
    return any(hmac.compare_digest(one, other) for one in shown for other in right)


def is_loopback(target: str) -> bool:
    """Whether ``host:port`` is of this machine only, so that nobody can listen on the way."""
    host = target.rpartition(":")[0].strip("[]")
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _read(setting: str, path: Path) -> tuple[str, ...]:
    try:
        found = tuple(path.read_text("ascii").split())
    except OSError as problem:
        raise WireError(f"{setting}: {path}: {problem.strerror}, expected a file with a token") from None
    except UnicodeDecodeError:
        raise WireError(f"{setting}: {path}: expected a token in ASCII") from None
    if not found or not all(token.isprintable() for token in found):
        raise WireError(f"{setting}: {path}: no token in it, expected one a line")
    return found
