"""Metrics files: whatever is legal CSV is read, however written, and what is not gets one line that says where."""

from __future__ import annotations

import csv
import gzip
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causely_core.incidents.reading.columns import read_columns
from causely_core.incidents.reading.header import NAMES
from causely_core.incidents.reading.problem import IncidentError

NAMED = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1, max_size=8)
ROWS = st.lists(st.tuples(st.integers(0, 2**31), NAMED, NAMED, st.floats(-1e9, 1e9)), max_size=12)


def written(rows, header=NAMES, **how):
    out = io.StringIO(newline="")
    csv.writer(out, **how).writerows([header, *rows])
    return out.getvalue().encode()


def read(folder, raw, name="metrics.csv"):
    path = folder / name
    path.write_bytes(raw)
    return read_columns(path)


def rows_of(columns):
    return list(zip(columns.times, columns.entities, columns.attributes, columns.values, strict=True))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("metrics")


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "dos"])
@given(rows=ROWS, packed=st.booleans(), quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_what_was_written_is_read(folder, end, rows, packed, quoting):
    raw = written(rows, lineterminator=end, quoting=quoting)
    assert rows_of(read(folder, gzip.compress(raw) if packed else raw)) == rows


def test_columns_may_come_in_any_order_with_others_between(tmp_path):
    raw = b"value,unit,entity,timestamp,attribute\n0.5,s,shop,10,request_duration.p95\n,s,shop,20,request_rate\n"
    found = read(tmp_path, raw)
    assert found.times.tolist() == [10.0, 20.0]
    assert list(found.entities) == ["shop", "shop"]
    assert list(found.attributes) == ["request_duration.p95", "request_rate"]
    assert found.values[0] == 0.5
    assert found.values[1] != found.values[1]


@pytest.mark.parametrize("blank", [b"\n", b"\n\n"])
def test_blank_lines_are_no_rows(tmp_path, blank):
    raw = b"timestamp,entity,attribute,value\n1,a,b,2\n" + blank + b"3,a,b,4" + blank
    assert rows_of(read(tmp_path, raw)) == [(1.0, "a", "b", 2.0), (3.0, "a", "b", 4.0)]


def test_no_rows_are_no_problem(tmp_path):
    assert rows_of(read(tmp_path, b"timestamp,entity,attribute,value\n")) == []


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "the column 'timestamp' is missing"),
        (b"timestamp,entity,value\n1,a,2\n", "the column 'attribute' is missing"),
        (b"timestamp,entity,attribute,value\n1,a,b,2\n1,a,2\n", ":3: expected the columns"),
        # Both lines together have as many fields as two rows should.
        (b"timestamp,entity,attribute,value\n1,a,b,2,3\n1,a,2\n", ":3: expected the columns"),
        (b"timestamp,entity,attribute,value\n1,a,b,much\n", ":2: value: expected a number, got 'much'"),
        (b"timestamp,entity,attribute,value\nnoon,a,b,1\n", ":2: timestamp: expected seconds since the epoch"),
        (b"\xff\xfe", "expected text in UTF-8"),
    ],
)
def test_what_is_wrong_is_told_in_one_line_with_where(tmp_path, raw, says):
    with pytest.raises(IncidentError, match=r"metrics\.csv") as caught:
        read(tmp_path, raw)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


LONG = [f"{row},shop-{row % 7},request_rate,{row / 8}\n" for row in range(30_000)]
"""Lines of several pieces."""


def test_a_long_file_may_have_lines_of_any_kind_anywhere(tmp_path):
    lines = LONG.copy()
    lines[20_000:20_000] = ["\n", "1970-01-01T00:00:20Z,b,c,,cut off\n"]
    found = rows_of(read(tmp_path, "".join(["timestamp,entity,attribute,value\n", *lines]).encode()))
    assert found[20_000][:3] == (20.0, "b", "c")
    del found[20_000]
    assert found == [(row, f"shop-{row % 7}", "request_rate", row / 8) for row in range(30_000)]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("1,a,2\n", ":29002: expected the columns"),
        ("1,a,b,much\n", ":29002: value: expected a number, got 'much'"),
        ("noon,a,b,1\n", ":29002: timestamp: expected seconds since the epoch or RFC 3339, got 'noon'"),
    ],
)
def test_what_is_wrong_late_in_a_long_file_is_told_with_where(tmp_path, line, says):
    lines = [*LONG[:29_000], line, *LONG[29_000:]]
    with pytest.raises(IncidentError) as caught:
        read(tmp_path, "".join(["timestamp,entity,attribute,value\n", *lines]).encode())
    assert says in str(caught.value)
