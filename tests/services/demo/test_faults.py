"""What each fault should be diagnosed as."""

import pytest

from causely_core.errors import CauselyError
from causely_core.services.demo.faults import NONE, expected

FOUND = {"type": "Service", "name": "cart", "cause": "CPUCongested"}


def test_no_fault_expects_nothing():
    assert expected(NONE) is None


def test_an_unknown_fault_is_told_with_the_known_ones():
    with pytest.raises(CauselyError, match=r"no fault named 'sloth'; there are slow-sql, .*, none$"):
        expected("sloth")


@pytest.mark.parametrize("wrong", [{"type": "Pod"}, {"name": "web"}, {"cause": "Malfunction"}])
def test_a_root_cause_matches_in_type_name_and_cause(wrong):
    assert expected("cpu-burn").matches(FOUND)
    assert not expected("cpu-burn").matches({**FOUND, **wrong})


def test_the_name_of_a_database_on_a_free_port_does_not_matter():
    for name in ("localhost:5432/shop", "shop.db"):
        assert expected("slow-sql").matches({"type": "Database", "name": name, "cause": "SlowQueries"})
