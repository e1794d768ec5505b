"""The services: one file each, and the list of all."""

from causely_plugin_gcp.service import Service
from causely_plugin_gcp.services.bigtable import BIGTABLE
from causely_plugin_gcp.services.compute import COMPUTE
from causely_plugin_gcp.services.gke import GKE
from causely_plugin_gcp.services.load_balancing import LOAD_BALANCING
from causely_plugin_gcp.services.memorystore import MEMORYSTORE
from causely_plugin_gcp.services.pubsub import PUBSUB
from causely_plugin_gcp.services.run import RUN
from causely_plugin_gcp.services.spanner import SPANNER
from causely_plugin_gcp.services.sql import SQL

_ALL = (SQL, MEMORYSTORE, PUBSUB, RUN, LOAD_BALANCING, SPANNER, BIGTABLE, COMPUTE, GKE)

SERVICES: dict[str, Service] = {each.name: each for each in _ALL}
"""All of them, by name; to add one, write its file and name it here."""

__all__ = ["SERVICES"]
