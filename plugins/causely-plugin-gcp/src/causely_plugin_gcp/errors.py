"""What goes wrong when Google is asked, beyond what goes wrong with any server."""

from causely_core.polling import PollError


class Throttled(PollError):
    """A request was one too many."""
