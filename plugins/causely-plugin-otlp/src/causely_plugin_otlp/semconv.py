"""Attribute names of the OpenTelemetry semantic conventions, the stable name first, older ones after it.

Source: https://opentelemetry.io/docs/specs/semconv/ (1.37) and the pages of the versions 1.20 and before.
"""

from __future__ import annotations

HTTP_METHOD = ("http.request.method", "http.method")
HTTP_ROUTE = ("http.route",)
HTTP_STATUS = ("http.response.status_code", "http.status_code")
HTTP_PATH = ("url.path", "http.target")
URL = ("url.full", "http.url")
PEER_HOST = ("server.address", "net.peer.name", "network.peer.address", "net.sock.peer.addr", "net.peer.ip")
PEER_PORT = ("server.port", "net.peer.port", "network.peer.port", "net.sock.peer.port")
PEER_SERVICE = ("peer.service", "service.peer.name")
ERROR_TYPE = ("error.type",)
RPC_SERVICE = ("rpc.service",)
RPC_METHOD = ("rpc.method",)
RPC_SYSTEM = ("rpc.system.name", "rpc.system")
RPC_STATUS = ("rpc.response.status_code", "rpc.grpc.status_code", "rpc.connect_rpc.error_code")
DB_SYSTEM = ("db.system.name", "db.system")
DB_NAMESPACE = ("db.namespace", "db.name", "db.redis.database_index")
DB_OPERATION = ("db.operation.name", "db.operation")
DB_COLLECTION = ("db.collection.name", "db.sql.table", "db.mongodb.collection", "db.cassandra.table")
DB_STATEMENT = ("db.query.text", "db.statement")
DB_STATUS = ("db.response.status_code",)
QUEUE_SYSTEM = ("messaging.system",)
QUEUE_NAME = ("messaging.destination.template", "messaging.destination.name", "messaging.destination")
QUEUE_TEMPORARY = ("messaging.destination.temporary", "messaging.temp_destination")
QUEUE_OPERATION = ("messaging.operation.type", "messaging.operation", "messaging.operation.name")

SERVICE_NAME = ("service.name",)
SERVICE_NAMESPACE = ("service.namespace",)
SERVICE_INSTANCE = ("service.instance.id",)
PROCESS = ("process.pid",)
CLUSTER = ("k8s.cluster.name",)
NAMESPACE = ("k8s.namespace.name",)
NODE = ("k8s.node.name",)
POD = ("k8s.pod.name",)
POD_UID = ("k8s.pod.uid",)
CONTAINER = ("k8s.container.name",)
CONTAINER_ID = ("container.id",)
HOST = ("host.name", "host.id")
WORKLOADS = {
    "Deployment": "k8s.deployment.name",
    "StatefulSet": "k8s.statefulset.name",
    "DaemonSet": "k8s.daemonset.name",
    "CronJob": "k8s.cronjob.name",
    "Job": "k8s.job.name",
    "ReplicaSet": "k8s.replicaset.name",
}
"""Workload kinds, the owner before what it owns, with the attribute that names one."""


def _keys(*groups: tuple[str, ...]) -> frozenset[bytes]:
    return frozenset(key.encode() for group in groups for key in group)


_EITHER_SIDE = (HTTP_METHOD, HTTP_STATUS, RPC_SERVICE, RPC_METHOD, RPC_SYSTEM, RPC_STATUS, QUEUE_SYSTEM, QUEUE_NAME)
_QUEUE = (QUEUE_TEMPORARY, QUEUE_OPERATION)
_PEER = (PEER_HOST, PEER_PORT, PEER_SERVICE, ERROR_TYPE)
_DATABASE = (DB_SYSTEM, DB_NAMESPACE, DB_OPERATION, DB_COLLECTION, DB_STATUS)

INBOUND_KEYS = _keys(*_EITHER_SIDE, *_QUEUE, HTTP_ROUTE)
"""What decides on the fate of a server or consumer span and has few values."""

OUTBOUND_KEYS = _keys(*_EITHER_SIDE, *_QUEUE, *_PEER, *_DATABASE)
"""Likewise of a client or producer span. Paths, URLs and statements are read only if need be."""

CACHES = frozenset({"redis", "memcached", "valkey", "dragonfly", "keydb", "hazelcast", "infinispan"})
"""Values of ``db.system.name`` that are caches."""

TABLES = frozenset({"aws.dynamodb", "dynamodb"})
"""Likewise those without databases, whose tables are each a store of its own."""

TOPICS = frozenset({"kafka"})
"""Values of ``messaging.system`` whose destinations are topics."""
