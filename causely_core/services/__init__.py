"""The parts of the system as running services: wiring, lifecycle, servers.

Of each part ``<part>/config.py`` can be imported alone, which is cheap; ``<part>/service.py`` brings its servers.
"""
