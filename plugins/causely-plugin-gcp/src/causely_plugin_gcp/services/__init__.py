"""The services: one file each, and the list of all."""

from causely_plugin_gcp.service import Service
from causely_plugin_gcp.services.pubsub import PUBSUB
from causely_plugin_gcp.services.sql import SQL

SERVICES: dict[str, Service] = {each.name: each for each in (SQL, PUBSUB)}
"""All of them, by name; to add one, write its file and name it here."""

__all__ = ["SERVICES"]
