"""The causal engine: a causal model instantiated on a topology, and the inference over it. Pure."""

from causely_core.causal.catalogue import Catalogue, parse_models
from causely_core.causal.graph import CausalGraph, build_graph
from causely_core.causal.inference import diagnose
from causely_core.causal.model_error import ModelError

__all__ = ["Catalogue", "CausalGraph", "ModelError", "build_graph", "diagnose", "parse_models"]
