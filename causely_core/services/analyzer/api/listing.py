"""What all listings share: how to page through them, and the shape of a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel

from causely_core.storage import Page

T = TypeVar("T")
J = TypeVar("J")

MAX_LIMIT = 500

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Items on a page.")]
Offset = Annotated[int, Query(ge=0, lt=2**63, description="Items before the page.")]
Active = Annotated[bool | None, Query(description="Only active ones, or only past ones.")]


class Listing(BaseModel, Generic[J]):
    """A page of a listing; ``total`` counts what matches on all pages."""

    items: list[J]
    total: int
    limit: int
    offset: int

    @classmethod
    def of(cls, page: Page[T], show: Callable[[T], J]) -> Listing[J]:
        """The page as JSON, each item as ``show`` makes it."""
        return cls(items=[show(item) for item in page.items], total=page.total, limit=page.limit, offset=page.offset)
