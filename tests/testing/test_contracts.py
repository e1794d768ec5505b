"""The contracts let good plugins pass, and tell of each broken one what to fix."""

from pathlib import Path

import pytest
from attrs import frozen

from causely_core import testing

pytest_plugins = ["pytester"]

# Before pytester notes which modules there are: it drops all others, and numpy cannot be imported twice.
CONTRACTS = [getattr(testing, name) for name in testing.__all__]

GOOD = Path(__file__).parent / "good"


@frozen
class Broken:
    """A good plugin with one line changed, and what its author is told."""

    rule: str
    plugin: str
    line: str
    broken: str
    told: str
    only: str = "not memory_is_bounded and not server"
    """Which tests run: those of servers and memory take seconds."""


BROKEN = [
    Broken("api", "collector", "causely_api = 1", "causely_api = 2", "set `causely_api = 1` in the plugin"),
    Broken(
        "untyped configuration",
        "collector",
        "interval: float = 10.0",
        "interval: __import__('typing').Any = 10.0",
        "Config.interval takes values of any type; to fix: give it a narrower type",
    ),
    Broken("no defaults", "collector", "interval: float = 10.0", "interval: float", "Config.interval has no default"),
    Broken(
        "same names",
        "collector",
        "return [Rate(context)]",
        "return [Rate(context), Rate(context)]",
        "several have the name rate; to fix: give each collector a name of its own",
    ),
    Broken(
        "global state",
        "collector",
        "seen: list = field(factory=list)",
        "seen: list = []",
        "two plugin objects share Rate.seen; to fix: make it for each context",
    ),
    Broken(
        "unknown attribute",
        "collector",
        '"request_rate"), 3.0',
        '"request_ratio"), 3.0',
        "attribute 'request_ratio' is not known; to fix: write 'request_rate', or declare it",
    ),
    Broken(
        "wrong clock",
        "collector",
        "now = self.context.clock.now()",
        "now = __import__('time').time()",
        "to fix: take it from context.clock.now()",
    ),
    Broken(
        "no finite value", "collector", "3.0", "float('nan')", "is nan; to fix: leave out rows without a finite value"
    ),
    Broken(
        "personal data",
        "collector",
        "Service:cart",
        "Service:ann@example.com",
        "holds what the egress gate hides (email); to fix: leave it out",
    ),
    Broken(
        "address",
        "collector",
        "Service:cart",
        "Service:10.0.0.7",
        "holds what the egress gate hides (ip); to fix: leave",
    ),
    Broken(
        "leak",
        "collector",
        "        with TemporaryFile():",
        "        self.seen.append(TemporaryFile())\n        if True:",
        "closing the stream leaves an open file in ",
    ),
    Broken(
        "cancellation",
        "collector",
        "                await asyncio.sleep(10.0)",
        "                try:\n                    await asyncio.sleep(30.0)\n"
        "                except asyncio.CancelledError:\n                    await asyncio.sleep(30.0)",
        "the stream has not ended 3 s after it was cancelled; to fix: let CancelledError",
    ),
    Broken("stream that ends", "collector", "while True:", "for _ in ():", "the stream ended by itself; to fix: wait"),
    Broken(
        "first is a change",
        "discoverer",
        "(CALL,), snapshot=True",
        "(CALL,)",
        "the first delta of a stream is no snapshot; to fix: yield TopologyDelta(..., snapshot=True) first",
    ),
    Broken(
        "deltas that do not add up",
        "discoverer",
        "if new or gone:",
        "if gone:",
        "deltas and a fresh snapshot differ: Service:bank is missing; to fix: tell every upsert",
    ),
    Broken(
        "unknown relation",
        "discoverer",
        '"calls"',
        '"call"',
        "relation type 'call' is not known; to fix: write 'calls', or declare it",
    ),
    Broken(
        "id of another type",
        "discoverer",
        'Entity.of("Service", "web")',
        'Entity("Pod:web", "Service", "web")',
        "the id 'Pod:web' is not Service:<key>; to fix: make entities with Entity.of",
    ),
    Broken(
        "impure",
        "detector",
        "newest = seen.values[:, -1]",
        'newest = seen.values[:, -1] * __import__("random").random()',
        "the same window is judged differently; to fix: base the judgement on the window only",
    ),
    Broken(
        "window written to",
        "detector",
        "newest = seen.values[:, -1]",
        "newest = seen.values[:, -1]; newest[:] = 1.0",
        "too-full writes into its window; to fix: work on a copy",
    ),
    Broken(
        "memory",
        "detector",
        "        newest = seen.values[:, -1]",
        "        newest = seen.values[:, -1]; KEPT.append(list(seen.series))",
        "KiB of windows that are gone",
    ),
    Broken(
        "collector that remembers",
        "collector",
        "yield ObservationBatch.at(now, [(Series",
        "self.seen.append(' ' * 2000 + str(now)); yield ObservationBatch.at(now, [(Series",
        "rounds in which nothing changed; to fix: forget what is over",
        "memory",
    ),
    Broken(
        "discoverer that remembers",
        "discoverer",
        "            await asyncio.sleep(0.01)",
        "            await asyncio.sleep(0.001)\n            KEPT.append(list(range(100)))\n"
        "            yield TopologyDelta(self.name, 0)",
        "rounds in which nothing changed; to fix: forget what is over",
        "memory",
    ),
    Broken(
        "deaf to Retry-After",
        "asking_collector",
        "if answer.status_code == 429:",
        "if answer.status_code == 0:",
        "s after 429 with Retry-After: 3; to fix: wait in the stream",
        "server",
    ),
    Broken(
        "presses a failing server",
        "asking_collector",
        "answer.raise_for_status()",
        "if answer.status_code == 503:\n                    await asyncio.sleep(0.05)\n                    continue",
        "while it answers 503; to fix: wait before it is tried again",
        "server",
    ),
    Broken(
        "does not recover",
        "asking_discoverer",
        "answer.raise_for_status()",
        "if answer.is_error:\n                    await asyncio.Event().wait()",
        "after the server was well again; to fix: ask again when Retry-After is over",
        "server",
    ),
    Broken(
        "asks somebody else",
        "asking_discoverer",
        '"url": upstream.url',
        '"url": upstream.url.replace("127.0.0.1", "127.0.0.2")',
        "the plugin asks nothing of `upstream`; to fix: give the plugin `upstream.url`",
        "server",
    ),
    Broken(
        "absent attribute",
        "detector",
        "if seen is None:",
        "if seen == 1:",
        "when it sees nothing; to fix: an attribute may be absent",
    ),
    Broken(
        "undeclared symptom",
        "detector",
        '"Memory_Full",\n',
        '"Memory_Low",\n',
        "Memory_Low of Service:one is not declared; to fix: add it to `symptoms`",
    ),
    Broken(
        "effect without symptom",
        "causal_model",
        'Effect("Backlog_High", 0.9)',
        'Effect("Backlog_Hihg", 0.9)',
        "symptom 'Backlog_Hihg' is not declared",
    ),
    Broken(
        "no remediation", "causal_model", '("Pull it out.",)', "()", "has no remediation; to fix: say what a person"
    ),
    Broken(
        "plan that acts",
        "remediator",
        "    async def plan(self, action):",
        "    async def plan(self, action):\n        await self.execute(action)",
        "plan changes something; to fix: use a server-side dry run",
    ),
    Broken(
        "executed twice",
        "remediator",
        "if action.id not in self.done:",
        "if True:",
        "execute does more when the same action comes again; to fix: remember what was done under action.id",
    ),
    Broken(
        "no way back",
        "remediator",
        'WORLD["replicas"] = self.done.pop(action.id)',
        "self.done.pop(action.id)",
        "rollback does not restore what was before; to fix: keep what execute replaces",
    ),
]


@pytest.fixture
def contract(pytester):
    """Runs the tests of a plugin's source text."""

    def run(source, only=""):
        pytester.makepyfile(test_it=source)
        return pytester.runpytest_inprocess(
            "-p", "causely_core.testing.plugin", "-o", "asyncio_default_fixture_loop_scope=function", "-q", "-k", only
        )

    return run


@pytest.mark.parametrize("name", sorted(file.stem for file in GOOD.glob("*.py")))
def test_a_good_plugin_passes(contract, name):
    source = (GOOD / f"{name}.py").read_text()
    outcomes = contract(source).parseoutcomes()
    assert set(outcomes) == {"passed"}
    assert outcomes["passed"] >= (11 if "upstream" in source else 6)


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.rule)
def test_a_broken_plugin_is_told_what_to_fix(contract, broken):
    good = (GOOD / f"{broken.plugin}.py").read_text()
    assert broken.line in good
    source = good.replace(broken.line, broken.broken)
    if "KEPT" in source:
        source = source.replace("\n@", "\nKEPT = []\n\n\n@", 1)
    output = contract(source, broken.only).stdout.str()
    told = [line for line in output.splitlines() if broken.told in line]
    assert told, output
    assert all("; to fix: " in line for line in told if not line.startswith("FAILED")), output


def test_without_a_plugin_the_author_is_asked_for_one(contract):
    source = "from causely_core.testing import DetectorContract\nclass TestIt(DetectorContract):\n    pass\n"
    result = contract(source)
    assert "give a fixture `plugin` that returns your class" in result.stdout.str()


UPSTREAM = """
    @pytest.fixture
    def upstream(self):
        return {}

    @pytest.fixture
    def section(self, upstream):
        return {{}}
"""


@pytest.mark.parametrize(
    ("returned", "told"),
    [
        ("None", "2 skipped"),
        (
            "'http://localhost'",
            "the fixture `upstream` is a str; to fix: return causely_core.testing.Upstream, or None",
        ),
    ],
)
def test_an_upstream_may_be_none_and_nothing_else(contract, returned, told):
    source = (GOOD / "collector.py").read_text() + UPSTREAM.format(returned)
    assert told in contract(source, "server").stdout.str()
