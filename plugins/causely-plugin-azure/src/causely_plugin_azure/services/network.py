"""What tells where others are: network interfaces and private endpoints."""

from __future__ import annotations

from causely_plugin_azure.service import Service

INTERFACES = Service(
    name="interfaces",
    type="microsoft.network/networkinterfaces",
    entity="",
    wanted=("ipConfigurations", "virtualMachine"),
)
ENDPOINTS = Service(
    name="private_endpoints",
    type="microsoft.network/privateendpoints",
    entity="",
    wanted=(
        "privateLinkServiceConnections",
        "manualPrivateLinkServiceConnections",
        "networkInterfaces",
        "customDnsConfigs",
    ),
)
