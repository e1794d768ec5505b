"""Configuration: every mistake is one line that names the place."""

from enum import StrEnum

import pytest
from attrs import field, frozen
from attrs.validators import gt

from causely_core.config import read_yaml, structure
from causely_core.errors import ConfigError


@frozen
class Inner:
    seconds: float = field(default=1.0, validator=gt(0))


class Colour(StrEnum):
    RED, BLUE = "red", "blue"


@frozen
class Outer:
    name: str = "x"
    enabled: bool = True
    count: int = 1
    inner: Inner = field(factory=Inner)
    many: list[Inner] = field(factory=list)
    colour: Colour = Colour.RED


def test_nested_sections_become_typed_values():
    built = structure({"name": "a", "inner": {"seconds": 2}, "many": [{"seconds": 3.5}], "colour": "blue"}, Outer, "f")
    assert built == Outer("a", True, 1, Inner(2.0), [Inner(3.5)], Colour.BLUE)
    assert built.colour is Colour.BLUE


@pytest.mark.parametrize(
    ("section", "place", "explanation"),
    [
        ({"nmae": "a"}, "f", "unknown key nmae; known are colour, count, enabled, inner, many, name"),
        ({"name": True}, "f.name", "found True"),
        ({"enabled": "yes"}, "f.enabled", "found 'yes'"),
        ({"count": "many"}, "f.count", "many"),
        ({"colour": "green"}, "f.colour", "expected one of red, blue, found 'green'"),
        ({"many": "one"}, "f.many", "expected list, found 'one'"),
        ({"inner": {"seconds": -1}}, "f.inner", "must be > 0"),
        ({"many": [{"seconds": 1}, {"second": 2}]}, "f.many[1]", "unknown key second"),
    ],
)
def test_a_mistake_is_named_with_its_place(section, place, explanation):
    with pytest.raises(ConfigError) as caught:
        structure(section, Outer, "f")
    assert explanation in str(caught.value)
    assert place in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_a_mapping_is_refused(tmp_path):
    path = tmp_path / "list.yaml"
    path.write_text("- a\n- b\n")
    with pytest.raises(ConfigError, match="expected a mapping of sections, found list"):
        read_yaml(path)


def test_broken_yaml_is_one_line_with_the_line_number(tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_text("a: [1,\nb: 2")
    with pytest.raises(ConfigError) as caught:
        read_yaml(path)
    assert "not valid YAML" in str(caught.value)
    assert "line 2" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"absent\.yaml: cannot be read: No such file"):
        read_yaml(tmp_path / "absent.yaml")


def test_an_empty_file_means_the_defaults(tmp_path):
    path = tmp_path / "empty.yaml"
    path.touch()
    assert structure(read_yaml(path), Outer, "f") == Outer()
