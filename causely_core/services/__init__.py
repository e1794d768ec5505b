"""The parts of the system as running services: wiring, lifecycle, servers."""
