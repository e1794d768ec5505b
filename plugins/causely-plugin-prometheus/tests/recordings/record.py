"""Record what real exporters write, twice while they have something to do.

    python plugins/causely-plugin-prometheus/tests/recordings/record.py [NAME...]

Run as root on Debian; README.md says what each takes.
"""

import sys
import tempfile
import time
from pathlib import Path

from causely_plugin_prometheus.mapping.files import read_mapping
from clusters import CLUSTERS
from programs import PROGRAMS
from stores import STORES
from text import kept

HERE = Path(__file__).parent
SECONDS = 30
"""From the first recording to the second: a kubelet looks at its containers every fifteen."""
EXPORTERS = {**STORES, **PROGRAMS, **CLUSTERS}


def record(name):
    """Write ``NAME.0.txt`` and ``NAME.30.txt``."""
    queries = " ".join(rule.query for rule in read_mapping(name).rules)
    with tempfile.TemporaryDirectory(prefix="recording-") as folder, EXPORTERS[name](Path(folder)) as (read, load):
        load(2.0)  # so that what is only there once it has happened is there
        begin = time.monotonic()
        first = read()
        load(SECONDS - 2.0)
        time.sleep(max(begin + SECONDS - time.monotonic(), 0.0))
        second = read()
    (HERE / f"{name}.0.txt").write_text(kept(first, queries))
    (HERE / f"{name}.{SECONDS}.txt").write_text(kept(second, queries))
    print(f"{name}: {len(kept(second, queries).splitlines())} lines")


if __name__ == "__main__":
    for each in sys.argv[1:] or EXPORTERS:
        record(each)
