"""``causely version`` and ``--version``."""

import platform

from causely_core import __version__
from causely_core.hookspecs import API_VERSION


def test_the_version_is_told_with_all_that_a_bug_report_needs(causely):
    done = causely("version")
    python = platform.python_version()
    assert done.out == f"causely {__version__} (plugin API {API_VERSION}, Python {python})\n"
    assert (done.status, done.err) == (0, "")


def test_the_option_is_short(causely):
    assert causely("--version").out == f"causely, version {__version__}\n"
