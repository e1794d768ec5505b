"""The binary in which a service is busiest."""

from causely_plugin_ebpf.resources.profile import Profile


def test_the_busiest_binary_of_each_service():
    profile = Profile()
    for service, binary, samples in (("a", "x", 30), ("a", "y", 10), ("b", "y", 25)):
        profile.add(service, binary, samples)
    assert profile.hottest() == {"a": "x", "b": "y"}


def test_few_samples_tell_nothing():
    profile = Profile()
    profile.add("a", "x", 5)
    assert profile.hottest() == {}


def test_two_that_are_alike_do_not_take_turns():
    profile = Profile()
    profile.add("a", "x", 30)
    assert profile.hottest() == {"a": "x"}
    profile.add("a", "y", 35)
    assert profile.hottest() == {"a": "x"}
    profile.add("a", "y", 10)
    assert profile.hottest() == {"a": "y"}


def test_what_was_long_ago_is_forgotten():
    profile = Profile()
    profile.add("a", "x", 30)
    profile.hottest()
    profile.age(120.0)
    profile.add("a", "y", 20)
    assert profile.hottest() == {"a": "y"}
    profile.age(3600.0)
    assert profile.hottest() == {}
