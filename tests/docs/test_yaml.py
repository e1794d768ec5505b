"""The YAML of the documentation is what causely reads: configuration files, and causal models."""

import re
from pathlib import Path

import pytest
import yaml
from attrs import fields

from causely_core.causal import parse_models
from causely_core.services.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md")), *sorted(ROOT.glob("plugins/*/README.md"))]
BLOCK = re.compile(r"^```yaml.*?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SECTIONS = {each.name for each in fields(Settings)}
BLOCKS = [(page, text) for page in PAGES for text in BLOCK.findall(page.read_text())]


def of(blocks):
    return {
        "argnames": "page, text",
        "argvalues": blocks,
        "ids": [page.relative_to(ROOT).as_posix() for page, _ in blocks],
    }


def configures(text):
    told = yaml.safe_load(text)
    return isinstance(told, dict) and not set(told).isdisjoint(SECTIONS)


@pytest.mark.parametrize(**of([each for each in BLOCKS if configures(each[1])]))
def test_a_configuration_file_is_read(page, text, tmp_path):
    file = tmp_path / "causely.yaml"
    file.write_text(text)
    assert load_settings(file) != Settings()


@pytest.mark.parametrize(**of([each for each in BLOCKS if re.search(r"^entity:", each[1], re.MULTILINE)]))
def test_a_causal_model_is_read(page, text):
    assert parse_models(text, page.name)
