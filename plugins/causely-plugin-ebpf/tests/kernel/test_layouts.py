"""What of tracepoints' formats a compiled program depends on."""

import os

import pytest
from causely_plugin_ebpf.kernel.layouts import fields, layouts
from hypothesis import given
from hypothesis import strategies as st

FORMAT = """name: inet_sock_set_state
ID: 2287
format:
\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;

\tfield:const void * skaddr;\toffset:8;\tsize:8;\tsigned:0;
\tfield:__u8 saddr[4];\toffset:32;\tsize:4;\tsigned:0;
\tfield:__data_loc char[] comm;\toffset:36;\tsize:4;\tsigned:0;
\tfield:char prev_comm[TASK_COMM_LEN];\toffset:40;\tsize:16;\tsigned:0;

print fmt: "family=%s", REC->family
"""
PROBE = "AT_TRACEPOINT(sched, sched_switch)"


@pytest.fixture
def tracefs():
    if os.geteuid() != 0:
        pytest.skip("tracefs: not root")


def test_a_format_is_read():
    assert fields(FORMAT) == [
        ("common_type", 0, 2), ("skaddr", 8, 8), ("saddr", 32, 4), ("comm", 36, 4), ("prev_comm", 40, 16)
    ]  # fmt: skip


@given(st.text())
def test_any_text_is_a_format_of_some_fields(text):
    assert all(name for name, _, _ in fields(text))


def test_fields_that_are_read_count_and_no_others(tracefs):
    found = layouts(f"{PROBE} {{ return args->next_pid; }}")
    assert [each.split()[:2] for each in found] == [["sched:sched_switch", "next_pid"]]
    assert layouts(f"{PROBE} {{ return 0; }}") == []


@pytest.mark.parametrize(
    "source", ["", "AT_RAW_TRACEPOINT(sched_switch) { next_pid; }", "AT_TRACEPOINT(no, such_thing) { next_pid; }"]
)
def test_there_is_nothing_to_depend_on(source):
    assert layouts(source) == []
