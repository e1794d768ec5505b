"""The privacy boundary: the only way from the cluster to the analyzer (see :class:`EgressGate`)."""

from causely_core.egress.crossing import Crossing
from causely_core.egress.gate import EgressGate
from causely_core.egress.ledger import Ledger, read_ledger
from causely_core.egress.policy import EgressPolicy, EvidencePolicy

__all__ = ["Crossing", "EgressGate", "EgressPolicy", "EvidencePolicy", "Ledger", "read_ledger"]
