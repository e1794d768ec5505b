"""Links between the files of the repository lead to files, and to headings that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FENCED = re.compile(r"^ *```.*?^ *```$", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`[^`\n]+`")
LINK = re.compile(r"\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]*))?\)")
HEADING = re.compile(r"^#+ (.+?) *$", re.MULTILINE)
NAMED = re.compile(r"(?<![\w/.])(?:docs|charts|examples|plugins|proto|tests)/[\w./-]+\.(?:md|py|proto|yaml)(?![\w*])")
DOCUMENT = re.compile(r"(?<![\w/.])docs/[\w/-]+\.md")
PATTERNS = (
    "*.md",
    "docs/**/*.md",
    "charts/causely/README.md",
    "charts/causely/UPGRADING.md",
    "examples/*/*.md",
    "plugins/*/*.md",
)
PAGES = sorted(page for pattern in PATTERNS for page in ROOT.glob(pattern))
SOURCES = ("causely_core", "examples", "plugins")


def prose(page):
    return CODE.sub("", FENCED.sub("", page.read_text()))


def anchors(page):
    """As forges and the site make them of headings."""
    headings = HEADING.findall(FENCED.sub("", page.read_text()))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page):
    for path, anchor in LINK.findall(prose(page)):
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{path} is not there"
        if anchor and not anchor.startswith("causely_core."):
            assert anchor in anchors(target), f"{path} has no heading {anchor}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_files_that_are_named_are_there(page):
    text = page.read_text()
    for name in NAMED.findall(text):
        beside = [ROOT / name, page.parent / name]
        assert any(path.exists() for path in beside), f"{name} is not there"


def test_documents_that_sources_name_are_there():
    for folder in SOURCES:
        for source in (ROOT / folder).rglob("*.py"):
            for name in DOCUMENT.findall(source.read_text()):
                assert (ROOT / name).exists(), f"{source.relative_to(ROOT)} names {name}"
