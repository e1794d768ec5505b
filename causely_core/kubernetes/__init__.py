"""The Kubernetes API: asking it, and following what there is by list and watch; for any plugin that looks at a cluster.

Who asks is an :class:`Access`, such as the :class:`ServiceAccount` of a pod. It knows no kind of object.
"""

from causely_core.kubernetes.access import Access
from causely_core.kubernetes.client import Client
from causely_core.kubernetes.errors import ApiError
from causely_core.kubernetes.marks import ignored, marks
from causely_core.kubernetes.reflector import REFUSED_PAUSE, Changed, Listed, Object, Reflector, Refused
from causely_core.kubernetes.resource import Resource
from causely_core.kubernetes.service_account import FOLDER, ServiceAccount, cluster_url

__all__ = [
    "FOLDER",
    "REFUSED_PAUSE",
    "Access",
    "ApiError",
    "Changed",
    "Client",
    "Listed",
    "Object",
    "Reflector",
    "Refused",
    "Resource",
    "ServiceAccount",
    "cluster_url",
    "ignored",
    "marks",
]
