"""What agent and mediator have in common: plugins that watch, series that are kept, symptoms that are judged."""

from causely_core.services.watching.config import ManualThreshold, WatchConfig
from causely_core.services.watching.resolving import Resolver
from causely_core.services.watching.watch import Watch

__all__ = ["ManualThreshold", "Resolver", "Watch", "WatchConfig"]
