"""From the model's posterior to how often such a cause is right.

The model takes symptoms for independent where they are not, so that its posterior is too sure of itself. How much a
cause is needed (see :meth:`Search.worth`) tells more: the posterior is multiplied by a logistic function of it, as in
Platt, *Probabilistic outputs for support vector machines* (1999). The constants were fitted by maximum likelihood to
500 simulated incidents, with and without lost and spurious symptoms; docs/inference.md tells the calibration error on
others.
"""

from __future__ import annotations

import math

from attrs import frozen


@frozen
class Calibration:
    """How sure to be.

    Attributes:
        middle: worth, in nats, at which half of the causes are right that could be.
        width: nats over which that changes by a factor of e.
        most: share of causes that are right however much they are worth.
    """

    middle: float
    width: float
    most: float

    def support(self, worth: float) -> float:
        """What the posterior of a cause that is ``worth`` so many nats is multiplied by."""
        return self.most / (1.0 + math.exp(min((self.middle - worth) / self.width, 700.0)))


SIMULATED = Calibration(middle=9.8, width=2.2, most=0.99)
"""Fitted to simulated incidents."""
