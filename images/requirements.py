"""Print what the distributions in some folders beside this file need of others, one requirement a line.

usage: requirements.py FOLDER...
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path


def main(folders: list[str]) -> None:
    """Read the ``pyproject.toml`` of each folder; what is ours is left out."""
    for folder in folders:
        project = tomllib.loads((Path(__file__).parent / folder / "pyproject.toml").read_text())["project"]
        print(*(each for each in project["dependencies"] if not each.startswith("causely-")), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
