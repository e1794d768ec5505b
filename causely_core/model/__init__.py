"""The words of the system as frozen attrs classes: no I/O, no clock, nothing else (see DESIGN.md)."""

from causely_core.model.aliases import Aliases
from causely_core.model.causal_model import CausalModel, Effect, Propagation, RootCauseSpec, SymptomSpec
from causely_core.model.clock import Clock, ManualClock, SystemClock
from causely_core.model.diagnosis import (
    Alternative,
    AtRisk,
    CauseRef,
    Diagnosis,
    PathStep,
    RootCause,
    Support,
    SupportState,
    TellingSymptom,
)
from causely_core.model.entity import (
    HOTTEST,
    WATCHED,
    Entity,
    EntityId,
    EntityType,
    entity_id,
    entity_type,
    merged_attributes,
)
from causely_core.model.entity_name import entity_name
from causely_core.model.evidence import Evidence, EvidenceItem, EvidenceRequest
from causely_core.model.observation import Observation, ObservationBatch, Series
from causely_core.model.placement import placement
from causely_core.model.relation import Relation, RelationType
from causely_core.model.remediation import ActionState, RemediationAction, RemediationPlan
from causely_core.model.symptom import Baseline, Manifestation, Symptom, SymptomKey, ThresholdSource
from causely_core.model.symptom_delta import SymptomDelta
from causely_core.model.topology import Topology, TopologyDelta
from causely_core.model.window import AttributeWindow, Window

__all__ = [
    "HOTTEST",
    "WATCHED",
    "ActionState",
    "Aliases",
    "Alternative",
    "AtRisk",
    "AttributeWindow",
    "Baseline",
    "CausalModel",
    "CauseRef",
    "Clock",
    "Diagnosis",
    "Effect",
    "Entity",
    "EntityId",
    "EntityType",
    "Evidence",
    "EvidenceItem",
    "EvidenceRequest",
    "Manifestation",
    "ManualClock",
    "Observation",
    "ObservationBatch",
    "PathStep",
    "Propagation",
    "Relation",
    "RelationType",
    "RemediationAction",
    "RemediationPlan",
    "RootCause",
    "RootCauseSpec",
    "Series",
    "Support",
    "SupportState",
    "Symptom",
    "SymptomDelta",
    "SymptomKey",
    "SymptomSpec",
    "SystemClock",
    "TellingSymptom",
    "ThresholdSource",
    "Topology",
    "TopologyDelta",
    "Window",
    "entity_id",
    "entity_name",
    "entity_type",
    "merged_attributes",
    "placement",
]
