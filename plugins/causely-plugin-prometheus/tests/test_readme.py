"""The mappings in README.md are mappings."""

import re
from pathlib import Path

import pytest
import yaml
from causely_plugin_prometheus.mapping.files import ready
from causely_plugin_prometheus.mapping.reading import parse_mapping

README = (Path(__file__).parents[1] / "README.md").read_text()
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
MAPPINGS = [text for text in BLOCKS if {"rules", "alerts"} & yaml.safe_load(text).keys()]


@pytest.mark.parametrize("text", MAPPINGS)
def test_each_is_read(text):
    mapping = parse_mapping(text, "README.md")
    assert mapping.rules or mapping.alerts


def test_all_ready_ones_are_in_its_table():
    assert set(re.findall(r"^\| `([a-z-]+)` \| [^|]+ \| [^|]+ \|$", README, re.MULTILINE)) >= set(ready())
