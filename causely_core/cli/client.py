"""Asking the analyzer's API from the command line."""

from __future__ import annotations

from typing import Any

import httpx

from causely_core.errors import CauselyError, UnavailableError


def fetch(base: str, path: str, **parameters: Any) -> Any:
    """The JSON answer of ``GET <base>/api/v1/<path>``.

    Raises:
        UnavailableError: nobody answers there.
        CauselyError: the API refused; the line is its own explanation.
    """
    wanted = {key: value for key, value in parameters.items() if value is not None}
    try:
        answer = httpx.get(f"{base.rstrip('/')}/api/v1/{path}", params=wanted, timeout=10.0)
    except httpx.HTTPError as problem:
        raise UnavailableError(f"no analyzer answers at {base} ({problem}); is `causely run` up?") from problem
    if answer.is_error:
        raise CauselyError(_detail(answer))
    return answer.json()


def fetch_all(base: str, path: str, **parameters: Any) -> list[dict[str, Any]]:
    """Every item of a paged listing."""
    items: list[dict[str, Any]] = []
    while True:
        page = fetch(base, path, limit=500, offset=len(items), **parameters)
        items.extend(page["items"])
        if not page["items"] or len(items) >= page["total"]:
            return items


def _detail(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"{answer.request.url}: {answer.status_code} {answer.reason_phrase}"
