"""Real HTTP servers on loopback, which stand for those that a plugin asks."""
