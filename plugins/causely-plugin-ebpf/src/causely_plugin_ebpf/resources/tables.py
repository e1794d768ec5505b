"""Layouts of the tables of ``kernel/resources.c``."""

from __future__ import annotations

import numpy as np

TASK = np.dtype([("task", "<u8")])
WAITER = np.dtype(
    [("since", "<u8"), ("waited", "<u8"), ("word", "<u8"), ("waits", "<u8"), ("tgid", "<u4"), ("tid", "<u4")]
)
BUCKET = np.dtype([("device", "<u4"), ("number", "<u4")])
COUNT = np.dtype([("count", "<u8")])
PROCESS = np.dtype([("tgid", "<u4")])
DEATH = np.dtype([("signal", "<u4"), ("victim", "<u4")])
PLACE = np.dtype([("page", "<u8"), ("tgid", "<u4"), ("unused", "<u4")])
