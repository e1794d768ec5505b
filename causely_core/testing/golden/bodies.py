"""Bodies of HTTP as a cassette shows them: JSON and forms by their parts, text as it is, anything else in base64."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from typing import Any
from urllib.parse import parse_qsl, urlencode

from causely_core.testing.golden.scrubbing import Scrubber

FORM = "application/x-www-form-urlencoded"


def shown(body: bytes, type: str, scrubber: Scrubber) -> dict[str, Any]:
    """The body, scrubbed, under the name of how it is shown; nothing when it is empty."""
    if not body:
        return {}
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return {"base64": b64encode(scrubber.data(body)).decode()}
    if type.startswith(FORM):
        return {"form": pairs(text, scrubber)}
    try:
        return {"json": scrubber.tree(json.loads(text))}
    except ValueError:
        return {"text": scrubber.text(text)}


def body_of(shown: dict[str, Any]) -> bytes:
    """The body that is shown."""
    if "json" in shown:
        return json.dumps(shown["json"]).encode()
    if "form" in shown:
        return urlencode(shown["form"]).encode()
    return b64decode(shown["base64"]) if "base64" in shown else shown.get("text", "").encode()


def pairs(text: str, scrubber: Scrubber) -> list[list[str]]:
    """Names and values of a query or form, scrubbed; their order says nothing."""
    return sorted([name, scrubber.named(name, value)] for name, value in parse_qsl(text, keep_blank_values=True))
