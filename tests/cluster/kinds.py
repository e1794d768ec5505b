"""Kinds of objects that are not Kubernetes' own, defined here as far as a server needs it to keep their objects."""

from functools import partial

CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


def define(writer, group, version, kind):
    """Make the server keep objects of a kind, whatever is in them."""
    plural = f"{kind.lower()}s"
    anything = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    served = {"name": version, "served": True, "storage": True, "schema": {"openAPIV3Schema": anything}}
    about = {"name": f"{plural}.{group}"}
    if group.endswith(".k8s.io"):
        about["annotations"] = {"api-approved.kubernetes.io": "unapproved, for tests"}
    names = {"plural": plural, "singular": kind.lower(), "kind": kind, "listKind": f"{kind}List"}
    spec = {"group": group, "scope": "Namespaced", "names": names, "versions": [served]}
    writer.create(CRDS, {"metadata": about, "spec": spec})
    return partial(_create, writer, group, version, kind)


def established(writer, group, kind):
    """Whether objects of the kind can be written already."""
    conditions = writer.get(f"{CRDS}/{kind.lower()}s.{group}").get("status", {}).get("conditions", ())
    return any(each["type"] == "Established" and each["status"] == "True" for each in conditions)


def _create(writer, group, version, kind, namespace, name, spec, **metadata):
    body = {"apiVersion": f"{group}/{version}", "kind": kind, "metadata": {"name": name, **metadata}, "spec": spec}
    writer.create(f"/apis/{group}/{version}/namespaces/{namespace}/{kind.lower()}s", body)
