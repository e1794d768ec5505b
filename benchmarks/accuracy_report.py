"""Figures of many trials, as lines of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from accuracy_trials import Answer, Trial
from attrs import frozen

BINS = 10


@frozen
class Bin:
    """Root causes told with a probability within one tenth: how many, how sure on average, how many of them true."""

    count: int
    told: float
    true: float


def reliability(answers: Iterable[Answer]) -> list[Bin]:
    """Ten bins of the probabilities of all named causes."""
    pairs = [(p, (entity, cause) in each.truth) for each in answers for entity, cause, p in each.named]
    probability, true = (np.array([pair[part] for pair in pairs], dtype=np.float64) for part in range(2))
    place = np.minimum((probability * BINS).astype(np.int64), BINS - 1)
    inside = [place == number for number in range(BINS)]
    return [
        Bin(int(mask.sum()), float(probability[mask].mean()), float(true[mask].mean()))
        if mask.any()
        else Bin(0, 0.0, 0.0)
        for mask in inside
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error (Naeini, Cooper, Hauskrecht, AAAI 2015)."""
    total = sum(each.count for each in bins)
    return sum(each.count * abs(each.told - each.true) for each in bins) / max(total, 1)


def share(answers: Sequence[Answer], causes: bool = False) -> float:
    """Share with all k causes within the first k, by entity, or by entity and cause."""
    return float(np.mean([each.causes_right if causes else each.entities_right for each in answers]))


def by_family(answers: Iterable[Answer]) -> dict[str, tuple[int, float, float]]:
    """Of each family: occurrences, share of its entities within the first k, share with the right cause."""
    seen, entity, cause = Counter[str](), Counter[str](), Counter[str]()
    for each in answers:
        named = {(who, what) for who, what, _ in each.first}
        for family, truth in zip(each.families, each.truth, strict=True):
            seen[family] += 1
            entity[family] += truth[0] in {who for who, _ in named}
            cause[family] += truth in named
    return {
        family: (seen[family], entity[family] / seen[family], cause[family] / seen[family]) for family in sorted(seen)
    }


def report(trials: Sequence[Trial]) -> Iterator[str]:
    """The whole report."""
    clean, noisy = [each.clean for each in trials], [each.noisy for each in trials]
    unknown = [each.unknown for each in trials if each.unknown]
    quiet = [each.quiet for each in trials if each.quiet]
    for name, answers in (("clean", clean), ("20 % lost, 10 % spurious", noisy)):
        yield _headline(name, answers)
    yield from _families(clean, noisy, unknown)
    if unknown:
        yield f"cause not in the catalogue: entity still first {share(unknown):.3f} of {len(unknown)}"
    if quiet:
        yield f"quiet: {np.mean([not each.named for each in quiet]):.3f} of {len(quiet)} without root causes"
    yield from _bins(clean, noisy)
    seconds = np.array([each.seconds for each in clean])
    yield f"graph and diagnosis: median {np.median(seconds):.3f} s, 99 % {np.quantile(seconds, 0.99):.3f} s"


def _headline(name: str, answers: Sequence[Answer]) -> str:
    extra = np.mean([max(0, len(each.named) - len(each.truth)) for each in answers])
    unproven = np.mean([each.gap > 0.0 for each in answers])
    parts = [
        f"{name}: top1 {share(answers):.3f} by entity, {share(answers, causes=True):.3f} with cause",
        *(f"k={k} {share(some):.3f}" for k in (1, 2, 3) if (some := [a for a in answers if len(a.truth) == k])),
        f"{extra:.2f} too many named, {unproven:.3f} not proven best",
    ]
    return "; ".join(parts)


def _families(clean: Sequence[Answer], noisy: Sequence[Answer], unknown: Sequence[Answer]) -> Iterator[str]:
    yield f"{'family':26}{'clean':>6}{'entity':>8}{'cause':>8}{'noisy':>10}{'cause':>8}{'left out':>10}{'entity':>8}"
    first, second, third = by_family(clean), by_family(noisy), by_family(unknown)
    for family, (count, entity, cause) in first.items():
        _, other, what = second[family]
        left, still, _ = third.get(family, (0, float("nan"), 0.0))
        yield f"{family:26}{count:6}{entity:8.3f}{cause:8.3f}{other:10.3f}{what:8.3f}{left:10}{still:8.3f}"


def _bins(clean: Sequence[Answer], noisy: Sequence[Answer]) -> Iterator[str]:
    for name, answers in (("clean", clean), ("noisy", noisy)):
        bins = reliability(answers)
        told = "  ".join(f"{each.told:.2f}>{each.true:.2f} ({each.count})" for each in bins if each.count)
        yield f"calibration error {name}: {calibration_error(bins):.3f}; told > true (count): {told}"


def misses(trials: Sequence[Trial]) -> Iterator[str]:
    """What was true and what was named where these differ, and what was seen."""
    for number, each in enumerate(trials):
        for name, answer in (
            ("clean", each.clean),
            ("noisy", each.noisy),
            ("unknown", each.unknown),
            ("quiet", each.quiet),
        ):
            wrong = answer and (not answer.entities_right if answer.truth else bool(answer.named))
            if answer and wrong:
                yield from _miss(number, name, answer)


def _miss(number: int, name: str, answer: Answer) -> Iterator[str]:
    yield f"--- {number} {name}, {answer.services} services"
    for family, (entity, cause) in zip(answer.families, answer.truth, strict=True):
        yield f"  true   {entity} {cause} ({family})"
    yield from (f"  named  {entity} {cause} {p:.3f}" for entity, cause, p in answer.named)
    seen = [f"{key.entity}/{key.name}={severity:.2f}" for key, severity in answer.active]
    yield f"  active {len(seen)}: {', '.join(seen[:40])}"
    yield f"  unexplained {len(answer.unexplained)}: {', '.join('/'.join(key) for key in answer.unexplained[:15])}"
