"""What a process's environment says of its service by OpenTelemetry's two variables; the rest is not kept."""

from __future__ import annotations

from urllib.parse import unquote

from attrs import frozen

_NAME, _RESOURCE = b"OTEL_SERVICE_NAME=", b"OTEL_RESOURCE_ATTRIBUTES="


@frozen
class Declared:
    """The service as the process's OpenTelemetry SDK names it.

    Attributes:
        service: ``service.name``; empty when it is not set.
        namespace: ``service.namespace``, likewise.
    """

    service: str = ""
    namespace: str = ""


def parse_environment(content: bytes) -> Declared:
    """Read ``/proc/<pid>/environ``. ``OTEL_SERVICE_NAME`` goes before ``service.name`` of the resource."""
    if _NAME not in content and _RESOURCE not in content:
        return Declared()
    variables = content.split(b"\0")
    attributes = _attributes(_value(variables, _RESOURCE))
    name = _value(variables, _NAME) or attributes.get("service.name", "")
    return Declared(name, attributes.get("service.namespace", ""))


def _value(variables: list[bytes], prefix: bytes) -> str:
    found = next((variable for variable in variables if variable.startswith(prefix)), b"")
    return found[len(prefix) :].decode(errors="replace").strip()


def _attributes(text: str) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in text.split(","))
    return {key.strip(): unquote(value.strip()) for key, _, value in pairs}
