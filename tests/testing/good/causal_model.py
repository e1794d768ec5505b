"""A causal model that keeps its contract."""

import pytest

from causely_core.hookspecs import hookimpl
from causely_core.model import CausalModel, Effect, RootCauseSpec, SymptomSpec
from causely_core.testing import CausalModelContract


class Plugin:
    causely_api = 1

    @hookimpl
    def causely_causal_models(self):
        jammed = RootCauseSpec(
            "Jammed",
            0.01,
            "resource",
            "Paper is stuck.",
            (Effect("Backlog_High", 0.9),),
            ("Pull it out.",),
        )
        return [CausalModel("Printer", (SymptomSpec("Backlog_High", "Jobs wait."),), (jammed,))]


class TestPrinter(CausalModelContract):
    @pytest.fixture
    def plugin(self):
        return Plugin
