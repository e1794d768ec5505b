"""References in configuration files: what they stand for, what is wrong with them, and that nobody sees it."""

from pathlib import Path

import pytest
from attrs import field, frozen
from attrs.validators import gt, matches_re
from hypothesis import given, settings
from hypothesis import strategies as st

from causely_core.config import read_yaml, structure
from causely_core.errors import ConfigError
from causely_core.interpolation import conceal, resolve

SECRET = "it's 5% \\ hush"


@frozen
class Account:
    token: str = ""
    url: str = field(default="", validator=matches_re("|https://.*"))
    port: int = field(default=1, validator=gt(0))
    ratio: float = 0.5
    safe: bool = True
    file: Path = Path("/")
    more: list[str] = field(factory=list)


@pytest.fixture
def read(tmp_path, monkeypatch):
    monkeypatch.setenv("TOKEN", SECRET)
    monkeypatch.setenv("PORT", "5432")
    monkeypatch.delenv("ABSENT", raising=False)
    (tmp_path / "secret").write_text(f"{SECRET}\n")

    def read(text):
        path = tmp_path / "causely.yaml"
        path.write_text(text.replace("FOLDER", str(tmp_path)))
        return structure(read_yaml(path), Account, "f")

    return read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("token: ${env:TOKEN}", Account(token=SECRET)),
        ("token: ${file:FOLDER/secret}", Account(token=SECRET)),
        ("url: https://me:${env:TOKEN}@host:${env:PORT}", Account(url=f"https://me:{SECRET}@host:5432")),
        ("{port: '${env:PORT}', ratio: '${env:PORT}'}", Account(port=5432, ratio=5432.0)),
        ("file: /run/${env:PORT}", Account(file=Path("/run/5432"))),
        ("more: [a, '${env:TOKEN}']", Account(more=["a", SECRET])),
        ("token: $${env:TOKEN} is $$ and ${env:PORT}", Account(token="${env:TOKEN} is $$ and 5432")),
    ],
)
def test_a_reference_is_replaced_by_what_it_stands_for(read, text, expected):
    found = read(text)
    assert found == expected
    assert type(found.token) is str


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("token: ${env:ABSENT}", "f.token: ${env:ABSENT}: the environment has no variable ABSENT"),
        ("token: ${file:/no/such}", "f.token: ${file:/no/such}: cannot be read: No such file or directory"),
        ("token: ${TOKEN}", "f.token: ${TOKEN}: expected ${env:NAME} or ${file:/path}, or $${ for the text ${ itself"),
        ("token: ${env:}", "f.token: ${env:}: expected ${env:NAME} or ${file:/path}, or $${ for the text ${ itself"),
        ("token: ${env:TOKEN", "f.token: ${env:TOKEN: expected ${env:NAME} or ${file:/path}, or $${ for the text ${ "),
        ("port: ${env:ABSENT}", "f.port: ${env:ABSENT}: the environment has no variable ABSENT"),
        ("more: [a, '${env:ABSENT}']", "f.more[1]: ${env:ABSENT}: the environment has no variable ABSENT"),
    ],
)
def test_a_reference_that_stands_for_nothing_is_one_line(read, text, line):
    with pytest.raises(ConfigError) as caught:
        read(text)
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "port: ${env:TOKEN}",
        "port: x${env:TOKEN}",
        "ratio: ${env:TOKEN}",
        "safe: ${env:TOKEN}",
        "url: ${env:TOKEN}",
        "url: http://${env:TOKEN}",
        "more: ${env:TOKEN}",
        "${env:TOKEN}",
    ],
)
def test_a_wrong_value_is_told_without_the_secret(read, text):
    with pytest.raises(ConfigError) as caught:
        read(text)
    assert "${env:TOKEN}" in str(caught.value) or text.startswith("$")
    assert "hush" not in str(caught.value)


def test_all_that_is_wrong_is_told_at_once(read):
    with pytest.raises(ConfigError) as caught:
        read("{token: 7, port: many, ratio: '${env:ABSENT}'}")
    assert [line.partition(":")[0] for line in caught.value.lines] == ["f.token", "f.port", "f.ratio"]


@given(st.text())
def test_escaped_text_comes_out_as_it_was_meant(text):
    assert resolve(text.replace("${", "$${")) == text


@settings(deadline=None)
@given(st.text(min_size=1), st.text())
def test_what_stands_for_a_reference_is_never_left_in_a_line(tmp_path_factory, secret, around):
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(secret.encode("utf-8", "surrogatepass"))
    told = resolve({"a": [f"${{file:{path}}}"]})
    value = str(told["a"][0])
    if value and value not in str(path) and value not in "${file:}":
        line = conceal(f"{around} {value} {value!r}", told)
        assert line.count(f"${{file:{path}}}") >= 2
