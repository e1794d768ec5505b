"""Values that switch one thing each, as an operator would."""

REMOTE = {"analyzer": {"enabled": False, "remote": {"endpoint": "causely.example.com:443", "token": "t0ken"}}}
EXTRA = {"package": "causely-plugin-example==1.0.0", "hashes": [f"sha256:{'0' * 64}"], "config": {"greeting": "hello"}}
ROLE = {"eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/causely"}
INTERNET = [{"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": [{"protocol": "TCP", "port": 443}]}]
PROMETHEUS = {
    "enabled": True,
    "config": {
        "url": "http://prometheus.monitoring:9090",
        "mappings": ["alerts"],
        "headers": {"X-Team": "${env:TEAM}"},
    },
    "secretRef": "prometheus",
    "egress": [{"to": [{"namespaceSelector": {}}], "ports": [{"protocol": "TCP", "port": 9090}]}],
}

CHOICES = {
    "defaults": {},
    "names": {"fullnameOverride": "watcher", "commonLabels": {"team": "a"}, "commonAnnotations": {"note": "b"}},
    "no-agent": {"agent": {"enabled": False}},
    "capabilities": {"agent": {"securityMode": "capabilities"}},
    "executor": {"executor": {"enabled": True}},
    "scoped-executor": {
        "executor": {
            "enabled": True,
            "rbac": {"mode": "scoped", "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["delete"]}]},
        }
    },
    "remote-analyzer": REMOTE,
    "remote-analyzer-secrets": {
        "analyzer": {
            "enabled": False,
            "remote": {"endpoint": "causely.example.com:443", "existingSecret": "token", "caSecret": "authority"},
        }
    },
    "database": {"analyzer": {"database": {"existingSecret": "postgres"}}},
    "external-series": {"victoriametrics": {"externalUrl": "http://victoria.example.com:8428"}},
    "secret-series": {"victoriametrics": {"existingSecret": "victoria"}},
    "no-series": {"victoriametrics": {"enabled": False}},
    "series-cluster": {"victoriametrics": {"cluster": {"enabled": True}}},
    "no-persistence": {
        "victoriametrics": {"persistence": {"enabled": False}},
        "analyzer": {"persistence": {"enabled": False}},
    },
    "mediator-persistence": {"mediator": {"persistence": {"enabled": True, "storageClass": "fast"}}},
    "config-maps": {"mediator": {"rbac": {"configMapNamespaces": ["default"]}}},
    "no-network-policy": {"networkPolicy": {"enabled": False}},
    "no-priority-classes": {"priorityClasses": {"create": False}},
    "api-server": {"networkPolicy": {"apiServerCidrs": ["10.96.0.1/32"]}},
    "monitoring": {
        "monitoring": {
            "podMonitor": {"enabled": True, "labels": {"release": "prometheus"}},
            "serviceMonitor": {"enabled": True},
            "dashboards": {"enabled": True},
        }
    },
    "mediator-tokens": {"analyzer": {"mediatorTokens": {"existingSecret": "tokens"}}},
    "cert-manager": {"tls": {"provider": "certManager"}},
    "issuer": {"tls": {"provider": "certManager", "certManager": {"issuerRef": {"name": "ours", "kind": "Issuer"}}}},
    "existing-certificates": {
        "tls": {"provider": "existing", "existing": {"agent": "tls-a", "mediator": "tls-m", "analyzer": "tls-b"}}
    },
    "openshift": {"openshift": {"enabled": True}},
    "no-plugins": {"plugins": {name: {"enabled": False} for name in ("otlp", "kubernetes", "ebpf", "host")}},
    "plugin-config": {"plugins": {"otlp": {"config": {"max_entities": 1000}, "secretRef": "otlp"}}},
    "prometheus": {"plugins": {"prometheus": PROMETHEUS}},
    "clouds": {
        "mediator": {
            "serviceAccount": {"annotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/c"}}
        },
        "plugins": {
            "aws": {"enabled": True, "config": {"regions": ["eu-west-1"]}, "egress": INTERNET},
            "gcp": {"enabled": True, "config": {"projects": ["shop-prod-1"]}, "egress": INTERNET},
            "azure": {"enabled": True, "config": {"subscriptions": ["*"]}, "egress": INTERNET},
        },
    },
    "extra-plugin": {"plugins": {"extra": [EXTRA], "source": {"configMap": "wheels"}}},
    "extra-plugin-claim": {
        "plugins": {
            "extra": [{**EXTRA, "components": ["agent", "mediator"], "secretRef": "acme"}],
            "source": {"persistentVolumeClaim": "wheels"},
        }
    },
    "extra-plugin-image": {"plugins": {"extra": [EXTRA], "source": {"image": "registry.example.com/wheels:1"}}},
    "extra-plugin-index": {
        "plugins": {
            "extra": [EXTRA],
            "source": {"indexUrl": "https://pypi.example.com/simple", "indexCidrs": ["192.0.2.0/24"]},
        }
    },
    "air-gapped": {"global": {"imageRegistry": "registry.example.com", "imagePullSecrets": ["pull"]}},
    "digests": {"agent": {"image": {"digest": f"sha256:{'a' * 64}"}}},
    "own-accounts": {
        name: {"serviceAccount": {"create": False, "name": f"{name}-account"}}
        for name in ("agent", "mediator", "analyzer", "victoriametrics")
    },
    "ipv6": {
        "global": {"listenAddress": "[::]"},
        "agent": {"kubelet": {"url": "https://[${env:NODE_IP}]:10250"}},
    },
    "environment": {
        name: {"extraEnv": [{"name": "HTTPS_PROXY", "value": ""}], "extraEnvFrom": [{"secretRef": {"name": "more"}}]}
        for name in ("agent", "mediator", "analyzer", "victoriametrics")
    },
    "telemetry": {"telemetry": {"otlp_endpoint": "http://collector.example.com:4317"}, "log": {"level": "debug"}},
}
"""Name to values; each is rendered, checked, and installed on a real API server."""
