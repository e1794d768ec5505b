"""Names of operations: of few values, and without identifiers or anything a user typed."""

from __future__ import annotations

import re

OTHER = "{other}"
"""The operation that stands for those of which there is no more room to tell."""

MAX_TEXT = 256
"""Longer names are cut: nothing that names an entity is that long."""
MAX_SEGMENTS = 8

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY"})
_VERSION = re.compile(r"v\d{1,3}([a-z]{1,8}\d{0,2})?")
_IDENTIFIER = re.compile(
    r"""
      \d[\d.,:_-]*                            # numbers, dates
    | \{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?  # UUIDs
    | (?=[a-f]*\d)[0-9a-f]{6,} | [0-9a-f]{16,}  # hexadecimal
    | (?=.*\d)[\w%.~+=-]{16,}                 # ULIDs, KSUIDs, base64
    | .*[@%].*                                # addresses, escaped text
    | .*[-_]\d+                               # order-17
    | .*\d{4}.*                               # user12345
    | \d+\.[a-z]\w{0,4}                       # 42.json
    | \w+\(['"\d].*\)                         # Users(42)
    | .{41,}
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_WORD = re.compile(r"[A-Za-z]{2,24}")
_SHORT_NAME = re.compile(r"[\w.:/$*{}-]{1,48}( [\w.:/$*{}-]{1,48})?")
_READS = frozenset(
    "aggregate count distinct exists explain fetch find findone get getitem getrange hget hgetall hmget keys llen"
    " lrange mget ping query read scan search select show smembers ttl type with zrange".split()
)
_WRITES = frozenset(
    "alter append bulk bulkwrite copy create decr del delete deleteone drop expire findandmodify hdel hset incr index"
    " insert insertmany insertone lpush lpop merge mset put putitem remove replace rpop rpush sadd save set setex"
    " srem truncate update updateitem updatemany updateone upsert write zadd".split()
)


def clean(value: str) -> str:
    """Cut, and without control characters: fit to name an entity."""
    value = value[:MAX_TEXT]
    return value if value.isprintable() else "".join(c if c.isprintable() else "?" for c in value)


def template(path: str) -> str:
    """A path with identifiers replaced: ``/users/42?x=1`` becomes ``/users/{id}``."""
    bare = re.split(r"[?#;]", path, maxsplit=1)[0]
    segments = bare.split("/")
    if len(segments) > MAX_SEGMENTS:
        segments = [*segments[:MAX_SEGMENTS], "*"]
    return "/".join(map(_segment, segments)) or "/"


def path_of(url: str) -> str:
    """The path of a URL, with its query; empty when it has none."""
    return url[url.find("/", url.find("//") + 2) :] if url.count("/") > 2 else ""


def keyword(query: str) -> str:
    """The first keyword of a query, upper case; nothing else of it is kept."""
    word = _WORD.match(query.lstrip(" \t\r\n(;"))
    return word[0].upper() if word else ""


def short_name(name: str) -> str:
    """A span name fit to name an operation: templated, or its first keyword if it looks like a query."""
    templated = " ".join(map(template, name[:200].split(" ")))
    return templated if name and _SHORT_NAME.fullmatch(templated) else keyword(name) or OTHER


def access(operation: str) -> str:
    """``read``, ``write``, or an empty string for what is neither."""
    verb = operation.partition(" ")[0].rpartition(".")[2].lower()
    return "read" if verb in _READS else "write" if verb in _WRITES else ""


def _segment(segment: str) -> str:
    if _VERSION.fullmatch(segment) or not _IDENTIFIER.fullmatch(segment):
        return clean(segment)
    return "{id}"
