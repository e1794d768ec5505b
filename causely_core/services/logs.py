"""Structured log lines on stderr: JSON for machines, console for people."""

from __future__ import annotations

import logging
import sys

import structlog
from attrs import field, frozen
from attrs.validators import in_
from structlog.typing import FilteringBoundLogger, Processor

LEVELS = ("debug", "info", "warning", "error")


@frozen
class LogConfig:
    """How the process logs.

    Attributes:
        level: the least severe level that is written.
        format: ``json``, ``console``, or ``auto`` for console on a terminal and JSON elsewhere.
    """

    level: str = field(default="info", validator=in_(LEVELS))
    format: str = field(default="auto", validator=in_(("auto", "json", "console")))


def start_logging(component: str, config: LogConfig) -> FilteringBoundLogger:
    """Configure structlog and the standard library's warnings for this process; returns its root logger."""
    level = getattr(logging, config.level.upper())
    people = config.format == "console" or (config.format == "auto" and sys.stderr.isatty())
    renderer: Processor = structlog.dev.ConsoleRenderer() if people else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=max(level, logging.WARNING), stream=sys.stderr, format="%(name)s: %(message)s")
    logger: FilteringBoundLogger = structlog.get_logger(component=component)
    return logger
