"""One resource as Cloud Asset Inventory tells it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from attrs import frozen

_LABELS = (("labels",), ("settings", "userLabels"), ("resourceLabels",), ("metadata", "labels"))
"""Where services keep what people mark their resources with."""

_ZONE = re.compile(r"([a-z]+-[a-z]+\d+)-[a-z]")


@frozen
class Asset:
    """A resource.

    Attributes:
        name: its full name, ``//compute.googleapis.com/projects/shop/zones/europe-west1-b/instances/web``.
        type: ``compute.googleapis.com/Instance``.
        project: the id of its project.
        number: the number of its project, which some links have in place of the id; empty when it is not told.
        location: a zone, a region, a multi-region or ``global``.
        data: as its own service describes it.
    """

    name: str
    type: str
    project: str
    number: str
    location: str
    data: Mapping[str, Any]

    @classmethod
    def read(cls, found: Mapping[str, Any], project: str) -> Asset:
        """Read one of an answer.

        Raises:
            LookupError, TypeError, ValueError: it is not written as an asset is.
        """
        resource = found["resource"]
        number = str((found.get("ancestors") or [""])[0]).removeprefix("projects/")
        return cls(
            name=str(found["name"]).replace(f"/projects/{number}/", f"/projects/{project}/", 1),
            type=str(found["assetType"]),
            project=project,
            number=number,
            location=str(resource.get("location") or "global"),
            data=dict(resource["data"]),
        )

    @property
    def short(self) -> str:
        """The last part of its name, which people call it by."""
        return self.name.rpartition("/")[2]

    @property
    def region(self) -> str:
        """The region that it is in; of a zone its region."""
        zone = _ZONE.fullmatch(self.location)
        return zone[1] if zone else self.location

    @property
    def labels(self) -> dict[str, str]:
        """What people marked it with."""
        found: dict[str, str] = {}
        for path in _LABELS:
            at: Any = self.data
            for step in path:
                at = at.get(step) if isinstance(at, Mapping) else None
            if isinstance(at, Mapping):
                found |= {str(name): str(value) for name, value in at.items()}
        return found

    def full(self, link: str, host: str = "compute.googleapis.com") -> str:
        """The full name of the resource of a service that ``link`` is to, whatever is before its project.

        Empty without a link.
        """
        _, projects, path = link.partition("projects/")
        return f"//{host}/projects/{self._by_id(path)}" if projects else ""

    def _by_id(self, path: str) -> str:
        owner, slash, rest = path.partition("/")
        return f"{self.project if owner == self.number else owner}{slash}{rest}"
