"""The API that the UI, the command line and other programs read: JSON over HTTP below ``/api/v1``."""

from causely_core.services.analyzer.api.app import create_api

__all__ = ["create_api"]
