"""What is kept of a text that an exporter has written."""

import re

SERIES = re.compile(r"([a-zA-Z_:][\w:]*)")
SUFFIXES = ("", "_bucket", "_sum", "_count")


def kept(text, queries):
    """The families that the queries read, and after each the one that follows it, without what explains them."""
    mentioned, lines, after = set(SERIES.findall(queries)), [], False
    for kind, series in families(text):
        read = any(kind.split()[2] + suffix in mentioned for suffix in SUFFIXES)
        if read or after:
            lines += [kind, *(series if read else series[:3])]
        after = read
    return "".join(f"{line}\n" for line in lines)


def families(text):
    """Each ``# TYPE`` line, and the series below it."""
    found = []
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            found.append((line, []))
        elif line and not line.startswith("#"):
            found[-1][1].append(line)
    return found
