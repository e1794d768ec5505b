"""What personal data and secrets look like in the names of things."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple


class Pattern(NamedTuple):
    """One kind of text to hide.

    Attributes:
        kind: shown in place of the text.
        marker: characters of which one occurs in every match; a cheap test before the expression is tried.
            Empty when there are none.
        expression: candidates; a group named ``hide`` narrows what is hidden.
        shortest: characters of the shortest match; shorter texts are not searched.
        confirm: told the candidate, says whether it is one.
    """

    kind: str
    marker: str
    expression: re.Pattern[str]
    shortest: int = 3
    confirm: Callable[[str], bool] = lambda _: True


def luhn(text: str) -> bool:
    """Whether the 13 to 19 digits in ``text`` pass the check of ISO/IEC 7812-1, annex B."""
    digits = [int(character) for character in text if character.isdecimal()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return 13 <= len(digits) <= 19 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def random_looking(text: str) -> bool:
    """Whether ``text`` changes between upper, lower and digit as keys do, and not as names do.

    In random base64 about 64 % of neighbours differ in class, in CamelCase names 25 to 33 %; the bounds lie
    between, at least two standard deviations below the former. Names seldom hold digits, keys do. Keys that
    slashes or dashes cut into short runs are judged as a whole, if they are of both cases.
    """
    runs = re.findall(r"[A-Za-z0-9+]{20,}", text)
    whole = re.sub(r"[/_=-]", "", text)
    both_cases = len(whole) >= 32 and not (whole.islower() or whole.isupper())
    return any(_mixed(run, 0.4) for run in runs) or (both_cases and _mixed(whole, 0.33))


def is_ip(text: str) -> bool:
    """Whether ``text`` is an IPv4 or IPv6 address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _mixed(run: str, share: float) -> bool:
    classes = [(character.isupper(), character.isdigit()) for character in run]
    changes = sum(a != b for a, b in pairwise(classes))
    return any(digit for _, digit in classes) and changes >= share * len(run)


PATTERNS = (
    Pattern("credentials", "@", re.compile(r"://(?P<hide>[^\s/@\[\]]+)@")),
    Pattern("token", "rR", re.compile(r"(?i)\b(?:bearer|basic)\s+(?P<hide>[A-Za-z0-9._~+/=-]{6,})")),
    Pattern("token", "J", re.compile(r"eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?")),
    Pattern(
        "secret",
        "=",
        re.compile(r"(?i)(?:password|passwd|pwd|secret|token|api[_-]?key)\s*=\s*(?P<hide>[^\s&;\[\]]+)"),
    ),
    Pattern("query", "?", re.compile(r"\?(?P<hide>[^\s?\[\]]*=[^\s\[\]]*)")),
    Pattern("email", "@", re.compile(r"[^\s@\[\]:/<>()\",;]{1,64}@[^\W_](?:[\w-]{0,62}\.)+[^\W\d_]{2,63}")),
    Pattern("secret", "", re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"), 20),
    Pattern("secret", "_-", re.compile(r"\b(?:gh[pousr]_|sk-|xox[abprs]-)[A-Za-z0-9_-]{16,}"), 19),
    Pattern("secret", "", re.compile(r"(?<![0-9A-Fa-f])(?:[0-9a-f]{32,}|[0-9A-F]{32,})(?![0-9A-Fa-f])"), 32),
    Pattern("secret", "", re.compile(r"[A-Za-z0-9+/_=-]{20,}"), 20, random_looking),
    Pattern("card", "", re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)"), 13, luhn),
)
"""Tried in this order, each on what the ones before have left."""

IPS = (
    Pattern("ip", ".", re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])"), 7, is_ip),
    Pattern("ip", ":", re.compile(r"(?<![\w:.])[0-9A-Fa-f:]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(?![\w:])"), 2, is_ip),
)
"""Tried only when the policy asks for it."""
