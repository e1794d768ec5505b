"""Which lines of Prometheus's text are kept, however the text is cut into chunks."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from causely_core.host.metric_lines import samples, wanted_lines

TEXT = b"""# HELP cpu_seconds_total Time.
# TYPE cpu_seconds_total counter
cpu_seconds_total{pod="a",path="x\\ny } z"} 1.5 1700000000000
cpu_seconds_total_more{pod="a"} 2
memory_bytes 3
memory_bytes{pod="b"} 4
 cpu_seconds_total{pod="c"} 5
"""


def kept(names, *chunks):
    async def coming():
        for chunk in chunks:
            yield chunk

    return asyncio.run(wanted_lines(coming(), names))


def test_metrics_are_wanted_by_their_full_name():
    wanted = TEXT.split(b"\n")
    assert kept(["cpu_seconds_total", "memory_bytes"], TEXT) == b"\n".join([wanted[2], *wanted[4:6], b""])
    assert kept(["cpu_seconds", "pod"], TEXT) == kept([], TEXT) == b""


def test_one_that_was_cut_off_is_refused():
    with pytest.raises(ValueError, match="ends within a line"):
        kept(["memory_bytes"], TEXT, b"memory_by")
    assert kept(["memory_bytes"]) == b""


LINES = st.lists(st.sampled_from([*TEXT.splitlines(), b"", b"cpu_seconds_total", b"memory_bytes{", b"\r", b"\xff"]))


@given(LINES, st.lists(st.integers(0, 400)))
def test_it_does_not_matter_where_the_text_is_cut(lines, cuts):
    text = b"".join(line + b"\n" for line in lines)
    ends = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    chunks = [text[start:end] for start, end in pairwise(ends)]
    names = ["cpu_seconds_total", "memory_bytes"]
    wanted = [line for line in lines if line.startswith((b"cpu_seconds_total{", b"memory_bytes{", b"memory_bytes "))]
    assert kept(names, *chunks) == kept(names, text) == b"".join(line + b"\n" for line in wanted)


LABELS = st.dictionaries(st.sampled_from(["pod", "id", "container_name", "_x1"]), st.text(max_size=8), max_size=3)
VALUE = st.floats(allow_nan=False, allow_infinity=False).map(str) | st.sampled_from(["12", "1.5e+06", "+Inf", "-Inf"])
TIME = st.none() | st.integers(0, 2**41)


def written(name, labels, value, time):
    def escaped(text):
        return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")

    told = ",".join(f'{key}="{escaped(text)}"' for key, text in labels.items())
    return f"{name}{{{told}}} {value}" + ("" if time is None else f" {time}") + "\n"


@given(st.lists(st.tuples(st.sampled_from(["cpu_seconds_total", "memory"]), LABELS, VALUE, TIME)))
def test_samples_are_what_prometheus_reads_of_them(rows):
    text = "".join(written(*row) for row in rows)
    wanted = [each for family in text_string_to_metric_families(text) for each in family.samples]
    found = list(samples(text))
    assert [(each.name, each.labels, each.value) for each in found] == [tuple(each[:3]) for each in wanted]
    assert [each.time for each in found] == [row[3] if row[3] is None else row[3] / 1e3 for row in rows]


def test_a_sample_may_have_no_labels_and_comments_are_none():
    (one,) = samples("# TYPE up gauge\n\nup 1\n")
    assert (one.name, one.labels, one.value, one.time) == ("up", {}, 1.0, None)


@pytest.mark.parametrize("line", ["up", "up{} x", '{a="1"} 2', "up{} 1 2 3", "up{} 1 soon", "<html>"])
def test_what_is_no_sample_is_refused(line):
    with pytest.raises(ValueError, match="expected a sample such as"):
        list(samples(line))
