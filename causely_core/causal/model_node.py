"""Nodes of the YAML of causal models: what is a value there and nowhere else."""

from __future__ import annotations

import math
import re
from typing import ClassVar, Self

import yaml
from attrs import frozen

from causely_core.causal.model_error import ModelError
from causely_core.errors import ConfigError
from causely_core.yaml_lines import YamlNode

_NAME = re.compile(r"[^\W\d][\w.-]*")


@frozen
class ModelNode(YamlNode):
    """One node of a causal model's file; reading it as what it is not raises :class:`ModelError`."""

    error: ClassVar[type[ConfigError]] = ModelError

    def named(self) -> dict[str, Self]:
        """Its entries in order; keys are names."""
        for key, _ in self.node.value if isinstance(self.node, yaml.MappingNode) else ():
            type(self)(key, self.origin).name()
        return self.mapping()

    def name(self) -> str:
        """A text that can name a type, relation, state or cause: identifiers are made of them."""
        text = self.text()
        if not _NAME.fullmatch(text):
            raise self.wrong(f"expected a name of letters, digits, '_', '-' and '.', got {text!r}")
        return text

    def probability(self) -> float:
        """A number above 0 and below 1; certainty would make single facts outweigh all others."""
        text = self.text()
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not 0.0 < number < 1.0:
            raise self.wrong(f"expected a probability above 0 and below 1, got {text!r}")
        return number
