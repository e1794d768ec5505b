"""What is not seen of a machine without some of root's rights."""

from __future__ import annotations

from causely_core.host import Need

WANTED = (
    Need(
        ("CAP_SYS_PTRACE",),
        "which programs run and in which network namespaces is hidden: TCP connections of pods are not seen",
    ),
    Need(
        ("CAP_SYS_ADMIN",),
        "network namespaces cannot be entered: TCP connections of pods are not seen",
    ),
    Need(
        ("CAP_DAC_READ_SEARCH",),
        "environment and open files of other users' processes are hidden: their services are not told by what they "
        "listen on, nor by OTEL_SERVICE_NAME",
    ),
)
"""Measured; see docs/agent.md."""
