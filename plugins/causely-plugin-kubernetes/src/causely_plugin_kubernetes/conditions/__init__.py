"""How the things of a cluster are: what the status of objects and the events about them say, as values of entities."""
