"""Messages of gRPC as a cassette shows them.

Where the generated code of a service is imported, as it is by a plugin that calls it, messages are shown as JSON.
Others are shown in base64: they are replayed as well, and can neither be reviewed nor scrubbed by names.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any, TypeAlias

from google.protobuf import descriptor_pool, json_format, message_factory
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import DecodeError, Message

from causely_core.testing.fix import fix
from causely_core.testing.golden.scrubbing import Scrubber

Types: TypeAlias = "tuple[Descriptor, Descriptor] | None"
"""Of requests and answers."""


def types_of(method: str) -> Types:
    """The types of a method, such as ``/package.Service/Method``; none where its code is not imported."""
    try:
        found = descriptor_pool.Default().FindMethodByName(method.strip("/").replace("/", "."))
    except KeyError:
        return None
    return found.input_type, found.output_type


def shown(data: bytes, type: Descriptor | None, scrubber: Scrubber) -> dict[str, Any]:
    """The message, scrubbed, under the name of how it is shown."""
    message = _parsed(data, type) if type else None
    if message is None:
        return {"base64": b64encode(scrubber.data(data)).decode()}
    return {"json": scrubber.tree(_json(message))}


def data_of(shown: dict[str, Any], type: Descriptor | None, method: str) -> bytes:
    """The message that is shown."""
    if "base64" in shown:
        return b64decode(shown["base64"])
    if type is None:
        fix(f"the types of {method} are not known here", "import the generated code of the service in the test")
    return json_format.ParseDict(shown["json"], message_factory.GetMessageClass(type)()).SerializeToString()


def _parsed(data: bytes, type: Descriptor) -> Message | None:
    """The message, if JSON can say all that it says."""
    cls = message_factory.GetMessageClass(type)
    try:
        message = cls.FromString(data)
        again = json_format.ParseDict(_json(message), cls())
    except (DecodeError, json_format.Error, TypeError):
        return None
    same = again.SerializeToString(deterministic=True) == message.SerializeToString(deterministic=True)
    return message if same else None


def _json(message: Message) -> dict[str, Any]:
    found: dict[str, Any] = json_format.MessageToDict(message, preserving_proto_field_name=True)
    return found
