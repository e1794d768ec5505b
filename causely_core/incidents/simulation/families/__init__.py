"""The kinds of faults that can be simulated."""

from causely_core.incidents.simulation.families.backend_faults import BACKEND_FAULTS
from causely_core.incidents.simulation.families.code_faults import CODE_FAULTS
from causely_core.incidents.simulation.families.host_faults import HOST_FAULTS
from causely_core.incidents.simulation.families.service_faults import SERVICE_FAULTS

FAMILIES = (*SERVICE_FAULTS, *CODE_FAULTS, *BACKEND_FAULTS, *HOST_FAULTS)
"""Every kind of fault, once."""

__all__ = ["FAMILIES"]
