"""Statements named by their keyword and table, without any of their values; and what an SQLSTATE means."""

from __future__ import annotations

import re
from functools import lru_cache

from causely_core.traffic.naming import access, keyword, template
from causely_plugin_ebpf.protocols.dialogue import Outcome

_STATEMENTS = 4096
_KEYWORDS = frozenset(
    "ALTER ANALYZE BEGIN CALL CHECKPOINT CLOSE CLUSTER COMMENT COMMIT COPY CREATE DEALLOCATE DECLARE DELETE DESC"
    " DESCRIBE DISCARD DO DROP EXECUTE EXPLAIN FETCH FLUSH GRANT HANDLER IMPORT INSERT KILL LISTEN LOAD LOCK MERGE MOVE"
    " NOTIFY OPTIMIZE PREPARE REASSIGN REFRESH REINDEX RELEASE RENAME REPLACE RESET REVOKE ROLLBACK SAVEPOINT SELECT"
    " SET SHOW START TABLE TRUNCATE UNLISTEN UNLOCK UPDATE USE VACUUM VALUES WITH XA".split()
)
_HIDDEN = re.compile(
    r"""
      --[^\n]*(?:\n|$) | /\*.*?(?:\*/|$)        # comments
    | '[^']*(?:'|$)                             # strings
    | (?P<name>(["`])[A-Za-z_]\w{0,62}\2)       # names, which stay
    | "[^"]*(?:"|$) | `[^`]*(?:`|$)             # strings, for some databases
    | \$(?P<tag>\w*)\$.*?(?:\$(?P=tag)\$|$)
    """,
    re.VERBOSE | re.DOTALL,
)
_AMBIGUOUS = re.compile(r"[\\#]|--(?!\s)")
"""What ends a string or begins a comment for some databases only."""
_PARENTHESES = re.compile(r"\([^()]*\)")
_NAME = r"([\"`]?)([A-Za-z_]\w{0,62}(?:[\"`]?\.[\"`]?[A-Za-z_]\w{0,62})?)\2(?=[\s;,()]|$)"
_TABLE = {
    "SELECT": re.compile(rf"(?is)(\s)FROM\s+(?:ONLY\s+)?{_NAME}"),
    "DELETE": re.compile(rf"(?is)(\s)FROM\s+(?:ONLY\s+)?{_NAME}"),
    "INSERT": re.compile(rf"(?is)(\s)INTO\s+{_NAME}"),
    "REPLACE": re.compile(rf"(?is)(\s)INTO\s+{_NAME}"),
    "MERGE": re.compile(rf"(?is)(\s)INTO\s+{_NAME}"),
    "UPDATE": re.compile(rf"(?is)\A\s*UPDATE(\s+)(?:ONLY\s+)?{_NAME}"),
    "COPY": re.compile(rf"(?is)\A\s*COPY(\s+){_NAME}"),
    "TRUNCATE": re.compile(rf"(?is)\A\s*TRUNCATE(\s+)(?:TABLE\s+)?{_NAME}"),
}
_MAX_DEPTH = 8

_USERS_FAULT = frozenset(("0A", "21", "22", "23", "26", "42", "44", "P0"))
_REFUSED = frozenset(("42501",))
_TOO_MANY = frozenset(("53300", "08004"))


@lru_cache(_STATEMENTS)
def statement(query: bytes, whole: bool) -> tuple[str, str]:
    """The name of a statement and its access: ``("SELECT orders", "read")``.

    The table is told only where it cannot be anything else: not behind unbalanced quotes or parentheses, nor where
    databases differ in what ends a string. ``whole`` tells that the end of the query is there.
    """
    text = query.decode("utf-8", "replace")
    bare = _HIDDEN.sub(_shown, text)
    word = keyword(bare)
    if word not in _KEYWORDS:
        return "", ""
    table = "" if _AMBIGUOUS.search(text) else _table(word, bare, whole)
    return f"{word} {table}" if table else word, access(word)


def sqlstate_outcome(state: str) -> Outcome:
    """What an SQLSTATE says of the server.

    The user's fault, hence answered well: classes 0A (not supported), 21 to 23 (cardinality, data, constraints), 26
    (statement names), 42 (syntax and names), 44 (check option) and P0 (raised by the application's own functions).
    Deadlocks, timeouts, lack of resources, shutdowns and all others count as failed.
    """
    if state in _REFUSED or state[:2] == "28":
        return Outcome.UNAUTHORIZED
    if state in _TOO_MANY:
        return Outcome.THROTTLED
    return Outcome.OK if state[:2] in _USERS_FAULT or state[:2] < "03" else Outcome.FAILED


def _shown(match: re.Match[str]) -> str:
    if match["name"]:
        return match[0]
    return " " if match[0][0] in "-/" else "''"


def _table(word: str, bare: str, whole: bool) -> str:
    pattern = _TABLE.get(word)
    if pattern is None:
        return ""
    for _ in range(_MAX_DEPTH):
        bare, replaced = _PARENTHESES.subn(" ? ", bare)
        if not replaced:
            break
    found = pattern.search(bare.split("(", 1)[0])
    if found is None or (not whole and found.end() == len(bare)):
        return ""
    name = re.sub('["`]', "", found[3])
    return name if template(name) == name else ""
