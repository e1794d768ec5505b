"""The whole configuration file as one typed value."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen
from platformdirs import user_data_path

from causely_core.config import read_yaml, structure
from causely_core.errors import ConfigError
from causely_core.extra import ExtraPlugin, missing, sections_for
from causely_core.services.agent.config import AgentConfig
from causely_core.services.analyzer.config import AnalyzerConfig
from causely_core.services.executor.config import ExecutorConfig
from causely_core.services.logs import LogConfig
from causely_core.services.mediator.config import MediatorConfig
from causely_core.services.telemetry import TelemetryConfig


def default_data_dir() -> Path:
    """Where a service keeps its files when nothing else is said."""
    return user_data_path("causely")


@frozen
class Settings:
    """What a configuration file may hold; every section has working defaults for one machine.

    Attributes:
        data_dir: where every file of the process lives.
        admin_listen: address of /metrics, /healthz, /readyz and /plugins.
        plugins: plugin name to that plugin's own section, in which ``enabled`` tells whether it is loaded.
        extra_plugins: packages of plugins that do not come with causely.
        plugins_dir: where ``causely plugins install`` puts those; none for ``extra-plugins`` in the data folder.
    """

    data_dir: Path = field(factory=default_data_dir)
    admin_listen: str = "127.0.0.1:8082"
    log: LogConfig = field(factory=LogConfig)
    telemetry: TelemetryConfig = field(factory=TelemetryConfig)
    agent: AgentConfig = field(factory=AgentConfig)
    mediator: MediatorConfig = field(factory=MediatorConfig)
    analyzer: AnalyzerConfig = field(factory=AnalyzerConfig)
    executor: ExecutorConfig = field(factory=ExecutorConfig)
    plugins: dict[str, dict[str, Any]] = field(factory=dict)
    extra_plugins: list[ExtraPlugin] = field(factory=list)
    plugins_dir: Path | None = None

    @property
    def extra_folder(self) -> Path:
        """Where extra plugins are installed."""
        return self.plugins_dir or self.data_dir / "extra-plugins"

    def sections(self, component: str) -> Mapping[str, Mapping[str, Any]]:
        """The plugins' sections for ``component``, extra plugins found and theirs among them.

        Raises:
            ConfigError: extra plugins are not installed, or a section is not one.
        """
        absent = missing(self.extra_plugins, component, self.extra_folder)
        if absent:
            packages = ", ".join(extra.package for extra in absent)
            install = f"causely plugins install --config FILE --target {self.extra_folder}"
            raise ConfigError(f"extra_plugins: not installed: {packages}; run {install}")
        return sections_for(component, self.plugins, self.extra_plugins)


def load_settings(path: Path | None, data_dir: Path | None = None, **agent: Any) -> Settings:
    """Settings from a YAML file, or the defaults.

    Args:
        path: of the file.
        data_dir: overrides the file's, where given.
        agent: values of the ``agent`` section that override the file's, where they are not none.

    Raises:
        ConfigError: the file is unreadable or a value does not fit.
    """
    settings = structure(read_yaml(path), Settings, path.name) if path else Settings()
    given = {name: value for name, value in agent.items() if value is not None}
    return evolve(settings, data_dir=data_dir or settings.data_dir, agent=evolve(settings.agent, **given))
