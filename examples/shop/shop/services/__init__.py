"""One module a process; each is started as `python -m shop.services.NAME`."""
