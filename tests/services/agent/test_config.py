"""The agent's section."""

import pytest

from causely_core.config import structure
from causely_core.errors import ConfigError
from causely_core.services.agent.config import AgentConfig


@pytest.mark.parametrize("limit", [0, 128 * 1024 * 1024])
def test_a_limit_of_memory_is_none_or_enough_for_an_agent(limit):
    assert structure({"memory_limit": limit}, AgentConfig, "agent").memory_limit == limit


@pytest.mark.parametrize("limit", [1, -1, 64 * 1024 * 1024])
def test_a_limit_that_no_agent_can_keep_is_refused(limit):
    with pytest.raises(ConfigError, match=f"memory_limit: expected 0 for no limit, or 134217728 .* found {limit}"):
        structure({"memory_limit": limit}, AgentConfig, "agent")


def test_a_root_is_absolute():
    with pytest.raises(ConfigError, match="host_root: expected an absolute path such as / or /host, found 'host'"):
        structure({"host_root": "host"}, AgentConfig, "agent")
