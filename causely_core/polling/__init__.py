"""For plugins that ask servers again and again: quotas, back-off, what stays known, and what others call a thing."""

from causely_core.polling.errors import PollError
from causely_core.polling.fading import Fading
from causely_core.polling.hosts import Hosts
from causely_core.polling.latest import Latest
from causely_core.polling.meanings import means, same
from causely_core.polling.noting import Noting
from causely_core.polling.pace import Pace
from causely_core.polling.survey import Answer, Look, Survey
from causely_core.polling.telling import changes
from causely_core.polling.token_bucket import TokenBucket
from causely_core.polling.told import Told

__all__ = [
    "Answer",
    "Fading",
    "Hosts",
    "Latest",
    "Look",
    "Noting",
    "Pace",
    "PollError",
    "Survey",
    "TokenBucket",
    "Told",
    "changes",
    "means",
    "same",
]
