"""The plugin: one receiver in the mediator, shown to it as a collector and as a discoverer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causely_core.hookspecs import Collector, Discoverer, HookContext, hookimpl
from causely_plugin_otlp.config import OtlpConfig

if TYPE_CHECKING:
    from causely_plugin_otlp.receiver import OtlpReceiver


class OtlpPlugin:
    """The built-in OTLP integration."""

    causely_api = 1
    causely_shares_loop = True

    def __init__(self) -> None:
        self._receiver: OtlpReceiver | None = None

    @hookimpl
    def causely_config(self) -> type:
        """Where to listen and how much to keep; see :class:`OtlpConfig`."""
        return OtlpConfig

    @hookimpl
    def causely_collectors(self, context: HookContext) -> list[Collector]:
        """The receiver, in the mediator only."""
        return [self._shared(context)] if context.component == "mediator" else []

    @hookimpl
    def causely_discoverers(self, context: HookContext) -> list[Discoverer]:
        """The same receiver, in the mediator only."""
        return [self._shared(context)] if context.component == "mediator" else []

    def _shared(self, context: HookContext) -> OtlpReceiver:
        if self._receiver is None:
            # Servers and protobuf take a tenth of a second, which commands that only list plugins need not pay.
            from causely_plugin_otlp.receiver import OtlpReceiver

            self._receiver = OtlpReceiver(context)
        return self._receiver
