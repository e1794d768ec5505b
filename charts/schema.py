"""Write charts/causely/values.schema.json; with --check, fail if it is not as it would be written.

    python charts/schema.py [--check]

What components and plugins take is read off the classes that they read it with.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from causely_plugin_aws import AwsConfig
from causely_plugin_azure import AzureConfig
from causely_plugin_ebpf import EbpfConfig
from causely_plugin_gcp import GcpConfig
from causely_plugin_host.config import HostConfig
from causely_plugin_kubernetes import KubernetesConfig
from causely_plugin_otlp.config import OtlpConfig
from causely_plugin_prometheus import PrometheusConfig

from causely_core.services.agent.config import AgentConfig
from causely_core.services.analyzer.config import AnalyzerConfig
from causely_core.services.executor.config import ExecutorConfig
from causely_core.services.logs import LEVELS
from causely_core.services.mediator.config import MediatorConfig

sys.path.insert(0, str(Path(__file__).parent))
from config_schema import Schema, section

FILE = Path(__file__).parent / "causely" / "values.schema.json"

TEXT: Schema = {"type": "string"}
SWITCH: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 1}
TEXTS: Schema = {"type": "array", "items": TEXT}
LABELS: Schema = {"type": "object", "additionalProperties": TEXT}
OBJECT: Schema = {"type": "object"}
OBJECTS: Schema = {"type": "array", "items": OBJECT}
NAME: Schema = {"type": "string", "pattern": "^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$", "maxLength": 253}
"""Of an object; may be empty."""
SIZE: Schema = {"type": "string", "pattern": "^[0-9]+(\\.[0-9]+)?(Ki|Mi|Gi|Ti|k|M|G|T)?$"}
AMOUNT: Schema = {"type": ["string", "number"], "pattern": "^[0-9]+(\\.[0-9]+)?(m|Ki|Mi|Gi|Ti|k|M|G|T)?$"}
DURATION: Schema = {"type": "string", "pattern": "^[0-9]+(ms|s|m|h|d|w|y)$"}
CIDR: Schema = {"type": "string", "pattern": "^[0-9a-fA-F.:]+/[0-9]{1,3}$"}
CIDRS: Schema = {"type": "array", "items": CIDR}
PORT: Schema = {"type": "integer", "minimum": 1, "maximum": 65535}
URL: Schema = {"type": "string", "pattern": "^(https?://[^ ]+)?$"}
ENDPOINT: Schema = {"type": "string", "pattern": "^([^ :/]+:[0-9]{1,5})?$"}
DIGEST: Schema = {"type": "string", "pattern": "^(sha256:[0-9a-f]{64})?$"}
HASH: Schema = {"type": "string", "pattern": "^sha(256:[0-9a-f]{64}|384:[0-9a-f]{96}|512:[0-9a-f]{128})$"}
PACKAGE: Schema = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*==[A-Za-z0-9][A-Za-z0-9.!+_-]*$"}
SHARE: Schema = {"type": ["string", "integer"], "pattern": "^[0-9]{1,3}%$", "minimum": 0}
COMPONENTS = ["agent", "mediator", "executor", "analyzer"]


def keys(**properties: Schema) -> Schema:
    """An object with these keys and no others."""
    return {"type": "object", "additionalProperties": False, "properties": properties}


def one_of(*choices: str) -> Schema:
    """One of some texts."""
    return {"enum": list(choices)}


AMOUNTS = keys(cpu=AMOUNT, memory=AMOUNT, **{"ephemeral-storage": AMOUNT})
RESOURCES = keys(requests=AMOUNTS, limits=AMOUNTS)
IMAGE = keys(
    registry=TEXT,
    repository={"type": "string", "minLength": 1},
    tag=TEXT,
    digest=DIGEST,
    pullPolicy=one_of("Always", "IfNotPresent", "Never"),
)
ACCOUNT = keys(create=SWITCH, name=NAME, annotations=LABELS)
SERVICE = keys(type=one_of("ClusterIP", "NodePort", "LoadBalancer"), annotations=LABELS)
BUDGET = keys(enabled=SWITCH, maxUnavailable=SHARE)
CLAIM = {"enabled": SWITCH, "size": SIZE, "storageClass": NAME}


def component(config: type | None = None, **more: Schema) -> Schema:
    """A component with what all have; ``config`` reads its section of the configuration file."""
    if config is not None:
        more["config"] = section(config)
    return keys(
        image=IMAGE,
        serviceAccount=ACCOUNT,
        resources=RESOURCES,
        priorityClassName=NAME,
        nodeSelector=LABELS,
        tolerations=OBJECTS,
        affinity=OBJECT,
        podAnnotations=LABELS,
        podLabels=LABELS,
        extraEnv={"type": "array", "items": {"type": "object", "required": ["name"]}},
        extraEnvFrom=OBJECTS,
        terminationGracePeriodSeconds={"type": "integer", "minimum": 0},
        **more,
    )


def settled(**more: Any) -> dict[str, Any]:
    """What components have that do not run on every node."""
    return {"podDisruptionBudget": BUDGET, "topologySpreadConstraints": OBJECTS, **more}


def plugin(config: type, **more: Schema) -> Schema:
    """One of our plugins."""
    return keys(enabled=SWITCH, config=section(config), secretRef=NAME, **more)


def vm_part(**more: Schema) -> Schema:
    """A program of a cluster of VictoriaMetrics."""
    return keys(replicas=COUNT, repository=TEXT, digest=DIGEST, resources=RESOURCES, **more)


AGENT = component(
    AgentConfig,
    enabled=SWITCH,
    securityMode=one_of("privileged", "capabilities"),
    capabilities={"type": "array", "items": {"type": "string", "pattern": "^[A-Z_]+$"}},
    kubelet=keys(url={"type": "string", "pattern": "^(https://.+)?$"}, verify=SWITCH),
    rbac=keys(create=SWITCH),
    dataSize=SIZE,
    updateStrategy=keys(maxUnavailable=SHARE),
)
MEDIATOR = component(
    MediatorConfig,
    **settled(
        egressKey=keys(existingSecret=NAME),
        service=SERVICE,
        rbac=keys(create=SWITCH, configMapNamespaces={"type": "array", "items": NAME}),
        persistence=keys(**CLAIM, existingClaim=NAME),
    ),
)
EXECUTOR = component(
    ExecutorConfig,
    **settled(enabled=SWITCH, rbac=keys(mode=one_of("cluster-admin", "scoped"), rules=OBJECTS)),
)
ANALYZER: Schema = {
    **component(
        AnalyzerConfig,
        **settled(
            enabled=SWITCH,
            remote=keys(endpoint=ENDPOINT, token=TEXT, existingSecret=NAME, caSecret=NAME),
            mediatorTokens=keys(existingSecret=NAME),
            database=keys(existingSecret=NAME),
            service=SERVICE,
            persistence=keys(**CLAIM, existingClaim=NAME),
        ),
    ),
}
VICTORIAMETRICS = component(
    **settled(
        enabled=SWITCH,
        externalUrl=URL,
        existingSecret=NAME,
        retention={"type": "string", "pattern": "^[0-9]+[hdwy]?$"},
        extraArgs={"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}},
        service=SERVICE,
        persistence=keys(**CLAIM),
        cluster=keys(
            enabled=SWITCH,
            tag=TEXT,
            vmauth=vm_part(tag=TEXT),
            vminsert=vm_part(),
            vmselect=vm_part(),
            vmstorage=vm_part(),
        ),
    ),
)
EXTRA: Schema = {
    **keys(
        package=PACKAGE,
        hashes={"type": "array", "items": HASH},
        components={"type": "array", "items": one_of(*COMPONENTS), "minItems": 1},
        config=OBJECT,
        secretRef=NAME,
    ),
    "required": ["package"],
}
PLUGINS = keys(
    otlp=plugin(OtlpConfig),
    kubernetes=plugin(KubernetesConfig),
    ebpf=plugin(EbpfConfig),
    host=plugin(HostConfig),
    prometheus=plugin(PrometheusConfig, egress=OBJECTS),
    aws=plugin(AwsConfig, egress=OBJECTS),
    gcp=plugin(GcpConfig, egress=OBJECTS),
    azure=plugin(AzureConfig, egress=OBJECTS),
    extra={"type": "array", "items": EXTRA},
    source=keys(indexUrl=URL, indexCidrs=CIDRS, configMap=NAME, persistentVolumeClaim=NAME, image=TEXT),
)
TLS = keys(
    provider=one_of("chart", "certManager", "existing"),
    chart=keys(days={"type": "integer", "minimum": 3, "maximum": 3650}),
    certManager=keys(
        issuerRef=keys(name=NAME, kind=TEXT, group=TEXT),
        duration=DURATION,
        renewBefore=DURATION,
    ),
    existing=keys(**dict.fromkeys(COMPONENTS, NAME)),
)
NETWORK = keys(
    enabled=SWITCH,
    apiServerCidrs=CIDRS,
    apiServerPorts={"type": "array", "items": PORT, "minItems": 1},
    nodeCidrs=CIDRS,
    dns=keys(to=OBJECTS, port=PORT),
    remoteAnalyzerCidrs=CIDRS,
    externalVictoriametricsCidrs=CIDRS,
    **{f"{peers}From": OBJECTS for peers in ("otlp", "api", "metrics")},
    **{f"{name}Egress": OBJECTS for name in COMPONENTS},
)
MONITORING = keys(
    podMonitor=keys(enabled=SWITCH, labels=LABELS, interval=DURATION),
    serviceMonitor=keys(enabled=SWITCH, labels=LABELS, interval=DURATION),
    dashboards=keys(enabled=SWITCH, labels=LABELS, annotations=LABELS),
)
SCHEMA: Schema = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "title": "Values of the chart causely",
    **keys(
        **{
            "global": keys(
                clusterName={"type": "string", "minLength": 1, "maxLength": 253},
                clusterDomain={"type": "string", "pattern": "^[a-z0-9][-a-z0-9.]*[a-z0-9]$"},
                imageRegistry=TEXT,
                imagePullSecrets={"type": "array", "items": {**NAME, "minLength": 1}},
                listenAddress=one_of("0.0.0.0", "[::]"),
            )
        },
        nameOverride=NAME,
        fullnameOverride=NAME,
        commonLabels=LABELS,
        commonAnnotations=LABELS,
        log=keys(level=one_of(*LEVELS), format=one_of("json", "console")),
        telemetry=keys(otlp_endpoint=URL),
        agent=AGENT,
        mediator=MEDIATOR,
        executor=EXECUTOR,
        analyzer=ANALYZER,
        victoriametrics=VICTORIAMETRICS,
        plugins=PLUGINS,
        tls=TLS,
        networkPolicy=NETWORK,
        priorityClasses=keys(
            create=SWITCH,
            agentValue={"type": "integer", "maximum": 1000000000},
            value={"type": "integer", "maximum": 1000000000},
        ),
        monitoring=MONITORING,
        openshift=keys(enabled=SWITCH),
    ),
}


def main() -> None:
    """Write it, or see whether it is as it would be written."""
    wanted = json.dumps(SCHEMA, indent=1) + "\n"
    if "--check" not in sys.argv:
        FILE.write_text(wanted)
    elif FILE.read_text() != wanted:
        sys.exit(f"{FILE}: is not what charts/schema.py writes; run python charts/schema.py")


if __name__ == "__main__":
    main()
