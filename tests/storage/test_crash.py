"""Whatever is said, in whatever batches, with crashes in between: the same is known as without them."""

import math
import tempfile

from hypothesis import given, settings
from hypothesis import strategies as st

from causely_core.storage import AnalyzerStore, State

from .worlds import MEDIATOR, payloads, told, updates


def replay(store, said, size):
    """Go on at the cursor as a sender does, one batch."""
    known = store.load().senders.get(MEDIATOR.name)
    reached = known.sequence if known else 0
    batch = [update for update in said if update.sequence > reached][:size]
    if batch:
        store.apply(MEDIATOR, batch, now=1.0)
    return bool(batch)


def history(store):
    page = store.symptoms(limit=1000)
    return sorted((repr(one.symptom), one.source, one.cleared_at or math.inf) for one in page.items)


@settings(deadline=None, max_examples=25)
@given(st.lists(payloads, max_size=8), st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_a_crash_between_any_two_commits_changes_nothing(said, sizes):
    said = updates(*said)
    with tempfile.TemporaryDirectory() as folder:
        steady = AnalyzerStore.open(f"sqlite:///{folder}/steady.db")
        if said:
            steady.apply(MEDIATOR, said, now=1.0)
        crashing, turn = AnalyzerStore.open(f"sqlite:///{folder}/crashing.db"), 0
        while replay(crashing, said, sizes[turn % len(sizes)]):
            crashing.close()
            crashing = AnalyzerStore.open(f"sqlite:///{folder}/crashing.db")
            turn += 1
        in_memory = State()
        in_memory.apply(MEDIATOR.name, said)
        assert told(crashing.load().state) == told(steady.load().state)
        assert drop_empty(told(steady.load().state)) == drop_empty(told(in_memory))
        assert history(crashing) == history(steady)
        steady.close()
        crashing.close()


def drop_empty(state):
    return {sender: said for sender, said in state.items() if any(said)}
