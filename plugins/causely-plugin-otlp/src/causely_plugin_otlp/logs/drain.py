"""Drain: templates of log messages, mined as they come.

After P. He, J. Zhu, Z. Zheng, M. R. Lyu: "Drain: An Online Log Parsing Approach with Fixed Depth Tree", ICWS 2017.
The tree has one depth only, so its leaves are a table: by the number of words and the first words.
"""

from __future__ import annotations

from collections import OrderedDict

from attrs import define, field

from causely_plugin_otlp.logs.masking import WILDCARD, Words

_SIMILAR = 0.5
"""Share of words that a message must have in common with a template to be of its kind."""
_PREFIX = 2


@define(eq=False)
class Cluster:
    """Messages of one kind.

    Attributes:
        words: what they have in common, :data:`WILDCARD` where they differ.
        count: how many there were.
    """

    words: Words
    count: int = 0

    @property
    def template(self) -> str:
        """The words as a line."""
        return " ".join(self.words)


@define
class Drain:
    """The templates of one source of messages.

    Attributes:
        limit: templates kept; the one longest unseen is dropped for a new one.
    """

    limit: int
    _leaves: dict[tuple[int, Words], list[Cluster]] = field(factory=dict, init=False)
    _recent: OrderedDict[int, Cluster] = field(factory=OrderedDict, init=False)

    def __len__(self) -> int:
        """Number of templates."""
        return len(self._recent)

    def add(self, words: Words) -> Cluster:
        """Count a message, given as its masked words; returns the kind it is of."""
        leaf = _leaf(words)
        cluster = _closest(words, self._leaves.get(leaf, ()))
        if cluster is None:
            cluster = self._open(words, leaf)
        elif cluster.words != words:
            cluster.words = _common(cluster.words, words)
        cluster.count += 1
        self._recent.move_to_end(id(cluster))
        return cluster

    def templates(self) -> list[tuple[str, int]]:
        """Templates with the number of their messages, the most frequent first."""
        found = ((cluster.template, cluster.count) for cluster in self._recent.values())
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))

    def _open(self, words: Words, leaf: tuple[int, Words]) -> Cluster:
        if len(self._recent) >= self.limit:
            self._close(next(iter(self._recent.values())))
        cluster = Cluster(words)
        self._recent[id(cluster)] = cluster
        self._leaves.setdefault(leaf, []).append(cluster)
        return cluster

    def _close(self, cluster: Cluster) -> None:
        del self._recent[id(cluster)]
        leaf = _leaf(cluster.words)
        self._leaves[leaf].remove(cluster)
        if not self._leaves[leaf]:
            del self._leaves[leaf]


def _leaf(words: Words) -> tuple[int, Words]:
    """Where the kind of a message is looked for: those of one leaf begin alike and are as long."""
    return len(words), tuple(WILDCARD if WILDCARD in word else word for word in words[:_PREFIX])


def _closest(words: Words, clusters: list[Cluster] | tuple[()]) -> Cluster | None:
    """The most similar cluster, the first of equals; none when no one is similar enough."""
    best, most = None, _SIMILAR * len(words)
    for cluster in clusters:
        same = sum(map(str.__eq__, cluster.words, words))
        if same >= most and (best is None or same > most):
            best, most = cluster, same
    return best


def _common(template: Words, words: Words) -> Words:
    return tuple(ours if ours == theirs else WILDCARD for ours, theirs in zip(template, words, strict=True))
