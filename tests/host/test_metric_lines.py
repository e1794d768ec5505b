"""Which lines of Prometheus's text are kept, however the text is cut into chunks."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causely_core.host.metric_lines import wanted_lines

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
