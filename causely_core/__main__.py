"""``python -m causely_core`` is the ``causely`` command."""

from causely_core.cli.main import main

main()
