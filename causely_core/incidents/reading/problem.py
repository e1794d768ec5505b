"""The error that a recorded incident raises when it cannot be read."""

from __future__ import annotations

import os

from causely_core.errors import CauselyError


class IncidentError(CauselyError):
    """A recorded incident is wrong: one line with the file, what is wrong and what would be right."""

    exit_code = os.EX_DATAERR
