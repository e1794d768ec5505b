"""The error of everything that crosses a wire."""

from __future__ import annotations

import os

from causely_core.errors import CauselyError


class WireError(CauselyError):
    """A message, certificate or address is not what it must be; says what, where and what is right."""

    exit_code = os.EX_DATAERR
