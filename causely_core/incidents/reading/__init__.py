"""Reading recorded incidents from folders; docs/incidents.md describes the files."""

from causely_core.incidents.reading.folder import read_incident
from causely_core.incidents.reading.problem import IncidentError

__all__ = ["IncidentError", "read_incident"]
