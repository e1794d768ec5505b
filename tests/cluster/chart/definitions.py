"""Definitions of others' kinds that the chart makes, or lets the mediator read; of any shape."""

KINDS = (
    ("cert-manager.io", "v1", "Issuer", "issuers", "Namespaced"),
    ("cert-manager.io", "v1", "Certificate", "certificates", "Namespaced"),
    ("monitoring.coreos.com", "v1", "PodMonitor", "podmonitors", "Namespaced"),
    ("monitoring.coreos.com", "v1", "ServiceMonitor", "servicemonitors", "Namespaced"),
    ("security.openshift.io", "v1", "SecurityContextConstraints", "securitycontextconstraints", "Cluster"),
    ("networking.istio.io", "v1", "VirtualService", "virtualservices", "Namespaced"),
    ("kafka.strimzi.io", "v1beta2", "Kafka", "kafkas", "Namespaced"),
    ("kafka.strimzi.io", "v1beta2", "KafkaTopic", "kafkatopics", "Namespaced"),
    ("gateway.networking.k8s.io", "v1", "Gateway", "gateways", "Namespaced"),
    ("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes", "Namespaced"),
    ("gateway.networking.k8s.io", "v1", "GRPCRoute", "grpcroutes", "Namespaced"),
)


def definition(group, version, kind, plural, scope):
    """A CustomResourceDefinition."""
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    served = {"name": version, "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {
            "name": f"{plural}.{group}",
            # What is below k8s.io is given out by Kubernetes' own people.
            "annotations": {"api-approved.kubernetes.io": "unapproved, for tests"},
        },
        "spec": {
            "group": group,
            "scope": scope,
            "names": {"kind": kind, "plural": plural, "singular": kind.lower()},
            "versions": [served],
        },
    }


def establish(cluster):
    """Make all of them; returns when the API has them."""
    cluster.apply(*(definition(*kind) for kind in KINDS))
    names = [f"crd/{plural}.{group}" for group, _, _, plural, _ in KINDS]
    code, _, err = cluster.kubectl("wait", "--for=condition=Established", "--timeout=60s", *names)
    assert code == 0, err
