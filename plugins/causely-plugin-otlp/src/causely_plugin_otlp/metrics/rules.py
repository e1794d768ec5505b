"""Rules: which points of a metric tell which attribute of whom."""

from __future__ import annotations

from enum import Enum, auto

from attrs import frozen

from causely_plugin_otlp.attributes import Attributes, text


class Owner(Enum):
    """Whose attribute a point tells."""

    SERVICE = auto()
    CONTAINER = auto()
    """The service where no container is known."""
    POD = auto()
    NODE = auto()
    QUEUE = auto()
    """The queue or topic that the point names."""


class Kind(Enum):
    """How points become a value."""

    LEVEL = auto()
    """The last value; deltas add up to it."""
    RATE = auto()
    """Growth per second of a counter that may have begun long before its start time (CPU time)."""
    EVENTS = auto()
    """Growth per second of a counter that was 0 at its start time."""
    P95 = auto()
    """The 95th percentile of what a histogram or summary has counted."""


class Part(Enum):
    """What a level is of the attribute."""

    WHOLE = auto()
    USED = auto()
    """To be divided by the sum of the LIMIT of the same group."""
    LIMIT = auto()


class Over(Enum):
    """How the groups of one instance become one value; inside of a group, streams are summed."""

    SUM = auto()
    MEAN = auto()
    MAX = auto()


@frozen
class Where:
    """A condition on a point's attributes; a point without the attribute meets it.

    Attributes:
        keys: names of the attribute, newest first.
        values: those that meet the condition, lower case.
        negated: whether they are those that do not meet it.
    """

    keys: tuple[str, ...]
    values: frozenset[str]
    negated: bool = False

    def met(self, attributes: Attributes) -> bool:
        """Whether ``attributes`` meet the condition."""
        value = text(attributes, self.keys).lower()
        return not value or (value in self.values) is not self.negated


@frozen(eq=False)
class Rule:
    """One line of a table of conventions.

    Attributes:
        attribute: of docs/attributes.md.
        owner: whose.
        metrics: names, any of which may be used, newest first.
        kind: how points become values.
        part: what a level is of the attribute.
        where: which points count; all conditions must be met.
        per: attributes by whose values streams are grouped, alternatives of one name.
        over: how groups become one.
        unit: that of a metric which names none.
        rank: its place among all rules; of those of one attribute, the first with values is believed.
    """

    attribute: str
    owner: Owner
    metrics: tuple[str, ...]
    kind: Kind = Kind.LEVEL
    part: Part = Part.WHOLE
    where: tuple[Where, ...] = ()
    per: tuple[str, ...] = ()
    over: Over = Over.SUM
    unit: str = ""
    rank: int = 0

    def wants(self, attributes: Attributes) -> bool:
        """Whether a point with these attributes counts."""
        return all(condition.met(attributes) for condition in self.where)


def only(keys: tuple[str, ...], *values: str) -> Where:
    """The attribute has one of the values."""
    return Where(keys, frozenset(values))


def without(keys: tuple[str, ...], *values: str) -> Where:
    """The attribute has none of the values."""
    return Where(keys, frozenset(values), negated=True)
