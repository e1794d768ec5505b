"""What mkdocs makes pages of: files of the repository, under the paths that they have there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]
PAGES = (
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "charts/causely/README.md",
    "charts/causely/UPGRADING.md",
    "docs/**/*.md",
    "examples/*/README.md",
    "plugins/*/README.md",
    "plugins/*/tests/recordings/README.md",
)
LINK = re.compile(r"\]\((?!\w+:)([^)#\s]+)(#[^)\s]*)?\)")

FOREIGN = re.compile(r'<(?:script|link|img|iframe)\b[^>]*?(?:src|href)="(?:https?:)?//[^"]*"')


def on_config(config: Any) -> None:
    """Put the plugins' own pages after the table of them."""
    [plugins] = [section["Plugins"] for section in config.nav if "Plugins" in section]
    plugins += [{page.parent.name: _name(page)} for page in sorted(ROOT.glob("plugins/*/README.md"))]
    more = sorted(ROOT.glob("plugins/*/tests/recordings/README.md"))
    plugins += [{f"{page.parents[2].name}: recordings": _name(page)} for page in more]


def on_files(files: Files, config: Any) -> Files:
    """Add the pages to what is in the folder of static files."""
    for page in sorted(page for pattern in PAGES for page in ROOT.glob(pattern)):
        files.append(File.generated(config, _name(page), abs_src_path=str(page)))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Let a link to a folder, which a forge shows with its README, lead to that README."""
    here = (ROOT / page.file.src_uri).parent

    def leading(link: re.Match[str]) -> str:
        path, anchor = link[1], link[2] or ""
        readme = f"{path.rstrip('/')}/README.md"
        return f"]({readme}{anchor})" if (here / readme).is_file() else link[0]

    return LINK.sub(leading, markdown)


def on_post_page(output: str, page: Any, **_: Any) -> str:
    """Refuse what a browser would fetch from elsewhere: the site is read where there is no internet, too."""
    if found := FOREIGN.search(output):
        raise PluginError(f"{page.file.src_uri}: {found[0]} comes from elsewhere, expected a file of the site")
    return output


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()
