"""What the plugin must be allowed to do: one permission for each method that it calls, and nothing else. Pure."""

PERMISSIONS = {
    "cloudasset.assets.list RESOURCE": "cloudasset.assets.listResource",
    "monitoring.projects.timeSeries.list": "monitoring.timeSeries.list",
}
"""By method. Whatever the service, its resources are listed by the one and its metrics by the other."""

HEALTH = {"compute.backendServices.getHealth": "compute.backendServices.get"}
"""In addition, where ``backend_health`` is on."""

IMPERSONATION = {"iamcredentials.projects.serviceAccounts.generateAccessToken": "iam.serviceAccounts.getAccessToken"}
"""On the account as which is asked, where ``impersonate`` names one."""


def role() -> str:
    """The custom role, as ``gcloud iam roles create --file`` takes it."""
    lines = [
        "title: causely",
        "description: Read resources and metrics for causely",
        "stage: GA",
        "includedPermissions:",
    ]
    return "\n".join([*lines, *(f"  - {permission}" for permission in sorted(PERMISSIONS.values())), ""])
