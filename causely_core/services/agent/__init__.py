"""The agent: watches one machine through plugins and forwards what it finds to the mediator."""
