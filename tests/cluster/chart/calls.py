"""Calls to the API: what the accounts of the chart must be able to do, and what they must never be."""

SEED = (
    "/api/v1/namespaces",
    "/api/v1/nodes",
    "/api/v1/pods",
    "/api/v1/services",
    "/api/v1/persistentvolumes",
    "/api/v1/persistentvolumeclaims",
    "/apis/apps/v1/replicasets",
    "/apis/networking.istio.io/v1/virtualservices",
)
"""What both may read."""

READ = {
    "agent": SEED,
    "mediator": (
        *SEED,
        "/api/v1/events",
        "/api/v1/resourcequotas",
        "/apis/apps/v1/deployments",
        "/apis/apps/v1/statefulsets",
        "/apis/apps/v1/daemonsets",
        "/apis/batch/v1/jobs",
        "/apis/batch/v1/cronjobs",
        "/apis/autoscaling/v2/horizontalpodautoscalers",
        "/apis/policy/v1/poddisruptionbudgets",
        "/apis/discovery.k8s.io/v1/endpointslices",
        "/apis/networking.k8s.io/v1/ingresses",
        "/apis/gateway.networking.k8s.io/v1/gateways",
        "/apis/gateway.networking.k8s.io/v1/httproutes",
        "/apis/gateway.networking.k8s.io/v1/grpcroutes",
        "/apis/kafka.strimzi.io/v1beta2/kafkas",
        "/apis/kafka.strimzi.io/v1beta2/kafkatopics",
    ),
}
"""What each may list and watch, in all namespaces."""

KUBELET = ("metrics", "stats")
"""What the agent may ask its kubelet for: subresources of nodes. The kubelet asks the API whether it may."""

_DEFAULT = "/api/v1/namespaces/default"
_POD = f"{_DEFAULT}/pods/any"
_OWN = "/api/v1/namespaces/rights"
_DEPLOYMENT = "/apis/apps/v1/namespaces/default/deployments/any"
_RBAC = "/apis/rbac.authorization.k8s.io/v1"

REFUSED = (
    ("GET", "/api/v1/secrets"),
    ("GET", f"{_DEFAULT}/secrets"),
    ("GET", f"{_OWN}/secrets"),
    ("GET", f"{_OWN}/secrets/rights-causely-ca"),
    ("GET", f"{_OWN}/secrets/rights-causely-mediator-tls"),
    ("POST", f"{_OWN}/secrets"),
    ("GET", "/api/v1/configmaps"),
    ("GET", f"{_DEFAULT}/configmaps"),
    ("GET", "/api/v1/namespaces/kube-system/configmaps"),
    ("GET", f"{_OWN}/configmaps/rights-causely-mediator"),
    ("PUT", f"{_OWN}/configmaps/rights-causely-mediator"),
    ("POST", f"{_DEFAULT}/pods"),
    ("PUT", _POD),
    ("PATCH", _POD),
    ("DELETE", _POD),
    ("DELETE", f"{_DEFAULT}/pods"),
    ("GET", f"{_POD}/log"),
    ("GET", f"{_POD}/exec?command=id"),
    ("POST", f"{_POD}/exec?command=id"),
    ("POST", f"{_POD}/attach"),
    ("POST", f"{_POD}/portforward?ports=80"),
    ("GET", f"{_POD}/proxy/"),
    ("POST", f"{_POD}/eviction"),
    ("POST", f"{_POD}/binding"),
    ("PATCH", f"{_POD}/ephemeralcontainers"),
    ("PATCH", f"{_POD}/status"),
    ("GET", "/api/v1/nodes/worker-1/proxy/pods"),
    ("POST", "/api/v1/nodes/worker-1/proxy/exec/default/any/main"),
    ("PATCH", "/api/v1/nodes/worker-1"),
    ("DELETE", "/api/v1/nodes/worker-1"),
    ("GET", f"{_DEFAULT}/services/kubernetes/proxy/"),
    ("DELETE", f"{_DEFAULT}/services/kubernetes"),
    ("POST", "/api/v1/namespaces"),
    ("DELETE", "/api/v1/namespaces/default"),
    ("POST", f"{_OWN}/serviceaccounts/rights-causely-executor/token"),
    ("GET", "/api/v1/serviceaccounts"),
    ("PATCH", _DEPLOYMENT),
    ("DELETE", _DEPLOYMENT),
    ("PATCH", f"{_DEPLOYMENT}/scale"),
    ("POST", f"{_RBAC}/clusterrolebindings"),
    ("PATCH", f"{_RBAC}/clusterroles/rights-rights-causely-mediator"),
    ("GET", f"{_RBAC}/clusterroles"),
    ("POST", "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations"),
    ("POST", "/apis/apps/v1/namespaces/default/daemonsets"),
    ("POST", "/apis/batch/v1/namespaces/default/jobs"),
    ("PATCH", "/apis/policy/v1/namespaces/default/poddisruptionbudgets/any"),
    ("GET", "/apis/certificates.k8s.io/v1/certificatesigningrequests"),
    ("GET", "/apis/coordination.k8s.io/v1/leases"),
    ("POST", f"{_DEFAULT}/events"),
    ("POST", "/apis/authentication.k8s.io/v1/tokenreviews"),
)
"""What neither may do."""
