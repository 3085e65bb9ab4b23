"""A picture of rounds: how many errors have reached each stage, over time."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from load.moments import STAGES
from load.rounds import Round
from local.dashboard.style import COLOURS, FAINT, GRID, MATPLOTLIB

SIZE_INCHES = (9.0, 3.2)
NAMES = {
    "row": "row",
    "execution": "execution",
    "state": "first state",
    "function": "function",
    "attempt": "first attempt",
    "answer": "answer",
    "proposed": "proposed fix",
}


def draw(rounds: Sequence[Round], path: Path) -> None:
    """One panel per round, below each other, with the same scale of seconds."""
    with rc_context(MATPLOTLIB):
        width, height = SIZE_INCHES
        figure = Figure(figsize=(width, height * len(rounds)), layout="constrained")
        panels = figure.subplots(len(rounds), 1, sharex=True, squeeze=False)
        for panel, found in zip(panels[:, 0], rounds, strict=True):
            _draw(panel, found)
        panels[-1, 0].set_xlabel("seconds since the first row", color=FAINT)
        figure.savefig(path, dpi=150)


def _draw(panel: Axes, found: Round) -> None:
    begin = min(at["row"] for at in found.moments.values())
    for stage, colour in zip((s for s in STAGES if s in NAMES), COLOURS, strict=True):
        reached = sorted(at[stage] - begin for at in found.moments.values() if stage in at)
        if reached:
            counts = range(1, len(reached) + 1)
            panel.step(reached, counts, where="post", color=colour, label=NAMES[stage])
    panel.set_title(found.name, loc="left")
    panel.set_ylabel("errors", color=FAINT)
    panel.set_ylim(bottom=0)
    panel.grid(color=GRID)
    panel.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
