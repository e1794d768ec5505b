"""Figures of many trials, as pictures."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from accuracy_report import by_family, calibration_error, reliability, share
from accuracy_trials import Answer, Trial


def plot(trials: Sequence[Trial], folder: Path) -> str:
    """Write reliability, hits by family and by number of causes; returns what was done."""
    if find_spec("matplotlib") is None:
        return "no plots: matplotlib is missing, pip install matplotlib"
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    folder.mkdir(parents=True, exist_ok=True)
    series = {"clean": [each.clean for each in trials], "20 % lost, 10 % spurious": [each.noisy for each in trials]}
    for name, draw in (("reliability", _reliability), ("families", _families), ("causes", _causes)):
        figure, axes = pyplot.subplots(figsize=(7, 6), layout="constrained")
        draw(axes, series)
        axes.legend()
        figure.savefig(folder / f"accuracy-{name}.png", dpi=120)
        pyplot.close(figure)
    return f"plots: {folder}/accuracy-*.png"


def _reliability(axes: Any, series: dict[str, list[Answer]]) -> None:
    axes.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
    for name, answers in series.items():
        bins = reliability(answers)
        points = [(each.told, each.true) for each in bins if each.count]
        axes.plot(*zip(*points, strict=True), marker="o", label=f"{name}: error {calibration_error(bins):.3f}")
    axes.set(xlabel="probability told", ylabel="share true", title="Are probabilities what they say?")


def _families(axes: Any, series: dict[str, list[Answer]]) -> None:
    for offset, (name, answers) in zip((-0.2, 0.2), series.items(), strict=True):
        found = by_family(answers)
        axes.barh(
            [place + offset for place in range(len(found))], [hit for _, hit, _ in found.values()], 0.4, label=name
        )
        axes.set_yticks(range(len(found)), list(found))
    axes.set(xlabel="share of true entities within the first k", title="By kind of fault", xlim=(0, 1))


def _causes(axes: Any, series: dict[str, list[Answer]]) -> None:
    for name, answers in series.items():
        groups = {k: [each for each in answers if len(each.truth) == k] for k in (1, 2, 3)}
        hits = [(k, share(some)) for k, some in groups.items() if some]
        axes.plot(*zip(*hits, strict=True), marker="o", label=name)
    axes.set(xlabel="simultaneous causes k", ylabel="all within the first k", ylim=(0, 1.02), xticks=(1, 2, 3))
