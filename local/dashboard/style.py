"""Colours, sizes and words that all pictures share."""

import math
import unicodedata
from functools import cache
from typing import Any

from matplotlib.textpath import TextPath

INK, FAINT, GRID, PAPER, ALERT = "#16191f", "#687078", "#e3e6e9", "#f2f4f6", "#c7351c"
COLOURS = ("#2f6fde", "#e07b1a", "#2a9d6f", "#8a4fc9", "#c2378c", "#3aa6b9", "#8c6d1f")
COLUMN_INCHES, ROW_INCHES = 0.72, 0.5
"""Size of a cell of the grid."""
_HINTING, _TOLERANCE_INCHES = 1.06, 0.01
SMALL = 7.0
"""Size of the small texts, in points."""
NO_DATA, NOT_RECORDED = "no data", "not recorded here"
MATPLOTLIB: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 7.5,
    "text.parse_math": False,  # texts come from logs: a dollar is a dollar
    "text.color": INK,
    "axes.edgecolor": GRID,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "timezone": "UTC",
}
_UNITS = {"Seconds": "s", "Milliseconds": "ms", "Count": "", "None": ""}


def unit(name: str) -> str:
    """CloudWatch's name of a unit, in short; "" for counts and for none."""
    return _UNITS.get(name, name)


def number(value: float) -> str:
    """A value with three significant digits, or as many as its whole part has."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{min(digits, 6)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def printable(text: str) -> str:
    """A text of one line: control characters become spaces."""
    return "".join(" " if unicodedata.category(c).startswith("C") else c for c in text)


@cache
def inches(text: str) -> float:
    """Width of a small text as it is drawn: its letters lie on whole dots."""
    outline = TextPath((0, 0), text, size=SMALL).get_extents() if text else None
    return float(outline.width) / 72 * _HINTING if outline else 0.0


def cut(text: str, room: float) -> str:
    """A small text that takes so many inches at most."""
    if inches(text) <= room + _TOLERANCE_INCHES:
        return text
    kept = text[: int(len(text) * room / inches(text))]
    while kept and inches(kept + "…") > room:
        kept = kept[:-1]
    return kept + "…"
