"""The relations of a topology, in rows by the entity at either end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import define, field, frozen

from causely_core.causal.arrays import Places
from causely_core.causal.rows import Rows
from causely_core.model import Relation

_PLACE_BITS = 24
_TYPE_BITS = 12


@frozen(eq=False)
class Ends:
    """Relations as numbers, one a row.

    Attributes:
        source, target: places.
        type, mode: numbers of the relation's type and of its ``mode`` attribute.
    """

    source: Places
    target: Places
    type: Places
    mode: Places

    @property
    def key(self) -> Places:
        """One number of source, target and type, which is what makes two relations the same."""
        return (self.source << _PLACE_BITS | self.target) << _TYPE_BITS | self.type


@define(eq=False)
class Links:
    """Relations between places, at most 16 million of these, of at most 4,096 types.

    Attributes:
        types: relation types, by number.
        modes: values of the ``mode`` attribute, by number; empty where there is none.
    """

    types: list[str] = field(factory=list, init=False)
    modes: list[str] = field(factory=list, init=False)
    _numbers: dict[tuple[bool, str], int] = field(factory=dict, init=False)
    _rows: Rows = field(factory=lambda: Rows([np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)]), init=False)

    def ends(self, source: Places, target: Places, relations: Sequence[Relation]) -> Ends:
        """Number ``relations`` between ``source`` and ``target``; those of a place to itself are left out."""
        type = [self._number(True, str(each.type)) for each in relations]
        mode = [self._number(False, each.attributes.get("mode", "")) for each in relations]
        different = source != target
        numbers = (np.array(each, dtype=np.int64)[different] for each in (type, mode))
        return Ends(source[different], target[different], *numbers)

    def replace(self, upserted: Ends, deleted: Places) -> Places:
        """Put ``upserted`` in for what has the same keys, and take out the keys ``deleted``; the places they end at."""
        changed = np.concatenate([upserted.key, deleted])
        touched = np.unique(np.concatenate([_source(changed), _target(changed)]))
        self._rows.reserve(int(touched.max(initial=-1)) + 1)
        which, positions = self._rows.of(touched)
        key, mode = (column[positions] for column in self._rows.columns)
        stays = ~np.isin(key, changed)
        owner = np.concatenate([touched[which][stays], upserted.source, upserted.target])
        order = np.argsort(owner, kind="stable")
        keys = np.concatenate([key[stays], upserted.key, upserted.key])
        modes = np.concatenate([mode[stays], upserted.mode, upserted.mode])
        self._rows.replace(touched, owner[order], keys[order], modes[order])
        return touched

    def of(self, places: Places) -> Ends:
        """The relations that any of ``places`` is in, each once."""
        self._rows.reserve(int(places.max(initial=-1)) + 1)
        _, positions = self._rows.of(places)
        key, first = np.unique(self._rows.columns[0][positions], return_index=True)
        mode = self._rows.columns[1][positions[first]]
        return Ends(_source(key), _target(key), key & (1 << _TYPE_BITS) - 1, mode)

    def count(self, places: Places) -> Places:
        """How many relations each of ``places`` is in."""
        self._rows.reserve(int(places.max(initial=-1)) + 1)
        return self._rows.stop[places] - self._rows.first[places]

    def _number(self, is_type: bool, name: str) -> int:
        number = self._numbers.get((is_type, name))
        if number is None:
            names = self.types if is_type else self.modes
            number = self._numbers[is_type, name] = len(names)
            names.append(name)
        return number


def _source(key: Places) -> Places:
    return key >> _PLACE_BITS + _TYPE_BITS


def _target(key: Places) -> Places:
    return key >> _TYPE_BITS & (1 << _PLACE_BITS) - 1
