"""How sure one can be of a share that was counted."""

from __future__ import annotations

import math


def wilson(events: float, trials: float, z: float) -> tuple[float, float]:
    """Lower and upper bound of a share (Wilson, JASA 1927), ``z`` standard errors wide; (0, 1) for no trials.

    Good for few trials and for shares near 0, where the normal approximation is not (Brown, Cai and
    DasGupta, Statistical Science 2001).
    """
    if trials <= 0.0:
        return 0.0, 1.0
    share = min(events / trials, 1.0)
    scale = 1.0 + z * z / trials
    middle = (share + z * z / (2.0 * trials)) / scale
    half = z * math.sqrt(share * (1.0 - share) / trials + z * z / (4.0 * trials * trials)) / scale
    return max(0.0, middle - half), min(1.0, middle + half)


def tail(events: float, trials: float, share: float) -> float:
    """Probability of at least ``events`` in ``trials`` if each happens with probability ``share`` (exact)."""
    least, most = round(events), round(trials)
    if least <= most * share or share <= 0.0:
        return 1.0 if share > 0.0 or least <= 0 else 0.0
    if share >= 1.0 or least > most:
        return float(least <= most)
    term = total = math.exp(
        math.lgamma(most + 1)
        - math.lgamma(least + 1)
        - math.lgamma(most - least + 1)
        + least * math.log(share)
        + (most - least) * math.log1p(-share)
    )
    for count in range(least, most):
        term *= (most - count) / (count + 1) * share / (1.0 - share)
        total += term
        if term < 1e-9 * total:  # terms only shrink this far above the mean
            break
    return min(total, 1.0)
