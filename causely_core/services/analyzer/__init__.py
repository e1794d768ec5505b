"""The analyzer: takes in what mediators send, infers root causes, and answers people and programs."""

from causely_core.services.analyzer.service import Analyzer

__all__ = ["Analyzer"]
