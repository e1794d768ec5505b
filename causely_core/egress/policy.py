"""What the operator decides about the privacy boundary."""

from __future__ import annotations

from enum import StrEnum

from attrs import field, frozen
from attrs.validators import gt


class EvidencePolicy(StrEnum):
    """What becomes of requests for evidence."""

    ALLOW = "allow"
    REFUSE = "refuse"


@frozen
class EgressPolicy:
    """The ``egress`` section of a mediator's configuration.

    Attributes:
        extra_attributes: names of entity attributes that may cross beside those of ``allowlist.py``.
        redact_ips: also hide IP addresses in ids, names and attributes.
        evidence: whether requests for evidence are answered.
        evidence_max_bytes: of one answer, whatever the analyzer asks for.
        max_items: entities, relations or symptoms of one delta; longer ones are split.
        key: secret that makes the same hidden text look the same; mediators that watch the same things share
            it. Empty for a random one, kept in ``<data_dir>/egress.key``.
    """

    extra_attributes: list[str] = field(factory=list)
    redact_ips: bool = False
    evidence: EvidencePolicy = field(default=EvidencePolicy.ALLOW, converter=EvidencePolicy)
    evidence_max_bytes: int = field(default=65_536, validator=gt(0))
    max_items: int = field(default=5_000, validator=gt(0))
    key: str = ""
