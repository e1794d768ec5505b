"""Addresses of hosts."""

from causely_core.polling import Hosts


async def test_a_name_has_its_addresses():
    found = await Hosts().addresses(["localhost", "192.0.2.7"])
    assert "127.0.0.1" in found["localhost"]
    assert found["192.0.2.7"] == {"192.0.2.7"}


async def test_a_name_that_is_none_has_no_address():
    found = await Hosts().addresses(["nowhere.invalid", "a" * 300])
    assert {*found.values()} == {frozenset()}


async def test_when_the_time_is_over_what_was_known_stays():
    hosts = Hosts()
    before = dict(await hosts.addresses(["localhost"]))
    hosts.within = 0.0
    assert await hosts.addresses(["localhost", "127.0.0.1"]) == {**before, "127.0.0.1": frozenset()}
