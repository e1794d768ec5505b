"""The agent: watches one machine through plugins and forwards what it finds to the mediator."""

from causely_core.services.agent.config import AgentConfig
from causely_core.services.agent.service import Agent

__all__ = ["Agent", "AgentConfig"]
