import pytest
from causely_plugin_ebpf.kernel.counters import possible_processors


@pytest.mark.parametrize(("text", "count"), [("0\n", 1), ("0-3\n", 4), ("0,2-5", 6), ("0-127", 128)])
def test_processors_are_counted_up_to_the_last_possible_one(text, count):
    assert possible_processors(text) == count
