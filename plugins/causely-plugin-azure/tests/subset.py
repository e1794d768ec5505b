"""The little of KQL that the plugin speaks."""

import json
import re
from functools import cache

_TEXT = r"'((?:[^'\\]|\\.)*)'"
_BAG = re.compile(rf"{_TEXT}, (\w+)\[{_TEXT}\]")


def selected(query, tables):
    """The rows that a query gives."""
    table, *steps = query.split(" | ")
    rows = tables.get(table, [])
    for step in steps:
        word, _, rest = step.partition(" ")
        rows = {"where": _where, "project": _project, "order": _order}[word](rows, rest)
    return rows


@cache
def texts(part):
    """The texts in a part of a query."""
    return [json.loads(f'"{each}"') for each in (found.replace("\\'", "'") for found in re.findall(_TEXT, part))]


def _where(rows, condition):
    return [row for row in rows if any(_holds(row, each) for each in condition.split(" or "))]


def _holds(row, condition):
    if condition.startswith("tags["):
        name, value = texts(condition)
        return (row.get("tags") or {}).get(name, "").lower() == value.lower()
    name, operator = re.match(r"([\w.]+) (in~|=~|!~)", condition).groups()
    found = row
    for each in name.split("."):
        found = (found or {}).get(each)
    among = str(found or "").lower() in {each.lower() for each in texts(condition)}
    return among is (operator != "!~")


def _project(rows, columns):
    bags = {name: _BAG.findall(inside) for name, inside in re.findall(r"(\w+)=bag_pack\(([^)]*)\)", columns)}
    plain = [each.strip() for each in columns.split(",") if re.fullmatch(r"\s*\w+", each)]
    return [_projected(row, plain, bags) for row in rows]


def _projected(row, plain, bags):
    packed = {name: {key: (row.get(name) or {}).get(key) for key, _, _ in bag} for name, bag in bags.items()}
    return {name: row.get(name) for name in plain} | packed


def _order(rows, _):
    return sorted(rows, key=lambda row: row["id"])
