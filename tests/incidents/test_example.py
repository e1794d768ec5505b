"""The documented example: made by its script, and small."""

import subprocess
import sys
from pathlib import Path

import numpy as np

from causely_core.incidents.reading import read_incident

EXAMPLE = Path(__file__).parents[2] / "examples" / "incident"


def test_the_script_makes_the_example_again(tmp_path):
    subprocess.run([sys.executable, EXAMPLE / "make.py", tmp_path / "again"], check=True)
    again, kept = read_incident(tmp_path / "again"), read_incident(EXAMPLE)
    assert (again.entities, again.relations, again.reported) == (kept.entities, kept.relations, kept.reported)
    assert [track.series for track in again.tracks] == [track.series for track in kept.tracks]
    for one, other in zip(again.tracks, kept.tracks, strict=True):
        np.testing.assert_array_equal(one.times, other.times)
        np.testing.assert_array_equal(one.values, other.values)
    expected = "expected.json"
    assert (tmp_path / "again" / expected).read_bytes() == (EXAMPLE / expected).read_bytes()


def test_the_example_is_small():
    assert sum(path.stat().st_size for path in EXAMPLE.iterdir() if path.is_file()) <= 60_000
