"""Names for arrays by what is in them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.int64]
"""Numbers of places, nodes, rows or costs."""

Column = NDArray[Any]
