"""A graph over time, its axes and its legend."""

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, DateFormatter
from matplotlib.figure import FigureBase
from matplotlib.ticker import MaxNLocator

from local.dashboard.panels import Chart, Curve
from local.dashboard.style import (
    ALERT,
    COLOURS,
    FAINT,
    GRID,
    INK,
    NO_DATA,
    NOT_RECORDED,
    SMALL,
    inches,
    number,
    printable,
    unit,
)

_LEGEND_ROW_INCHES = 0.17
_DAY_SECONDS = 86_400  # matplotlib counts time in days since 1970


def draw(figure: FigureBase, card: Axes, chart: Chart, width: float, height: float) -> None:
    """Draw a graph into a card of this size in inches."""
    rows = _legend(card, chart.curves, width)
    drawn = [curve for curve in chart.curves if curve.points]
    if not drawn:
        nowhere = all(curve.points is None for curve in chart.curves)
        text = NOT_RECORDED if nowhere else NO_DATA
        card.text(width / 2, height / 2, text, size=10, color=FAINT, ha="center", va="center")
        return
    right = any(curve.axis == "right" for curve in drawn)
    x, y = 0.52, 0.4 + _LEGEND_ROW_INCHES * rows
    box_width, box_height = width - x - (0.5 if right else 0.2), height - y - 0.62
    place = (x / width, y / height, box_width / width, box_height / height)
    left = figure.add_axes(place, facecolor="none")
    other = left.twinx() if right else left
    for n, curve in enumerate(chart.curves):
        axes = other if curve.axis == "right" else left
        _curve(axes, curve, chart.window.period or 0, COLOURS[n % len(COLOURS)])
    _annotations(left, chart)
    _time_axis(left, chart)
    _value_axis(left, chart, "left")
    if right:
        _value_axis(other, chart, "right")


def _curve(axes: Axes, curve: Curve, period: float, colour: str) -> None:
    """Neighbouring periods are joined; a period without a value is a gap."""
    xs: list[float] = []
    ys: list[float] = []
    for time, value in sorted((curve.points or {}).items()):
        if xs and time / _DAY_SECONDS - xs[-1] > period * 1.5 / _DAY_SECONDS:
            xs.append(math.nan)
            ys.append(math.nan)
        xs.append(time / _DAY_SECONDS)
        ys.append(value)
    axes.plot(xs, ys, color=colour, linewidth=1.4, marker="o", markersize=3, clip_on=False)


def _annotations(axes: Axes, chart: Chart) -> None:
    for annotation in chart.properties.annotations.horizontal:
        axes.axhline(annotation.value, color=ALERT, linewidth=1, linestyle=(0, (4, 2)))
        unit_ = next((unit(curve.unit) for curve in chart.curves if unit(curve.unit)), "")
        axes.annotate(
            f"{printable(annotation.label)} {number(annotation.value)} {unit_}".strip(),
            (1, annotation.value),
            (-2, 3),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            ha="right",
            color=ALERT,
            size=SMALL,
        )


def _time_axis(axes: Axes, chart: Chart) -> None:
    start, end = chart.window.begin(chart.window.start), chart.window.end
    pad = (end - start) * 0.02
    axes.set_xlim((start - pad) / _DAY_SECONDS, (end + pad) / _DAY_SECONDS)
    axes.xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=12))
    axes.xaxis.set_major_formatter(DateFormatter("%H:%M"))
    axes.grid(axis="y", color=GRID, linewidth=0.7)
    axes.set_axisbelow(True)


def _value_axis(axes: Axes, chart: Chart, side: str) -> None:
    axis = chart.properties.axes.left if side == "left" else chart.properties.axes.right
    curves = [curve for curve in chart.curves if curve.axis == side and curve.points]
    values = [value for curve in curves for value in (curve.points or {}).values()] + [0.0]
    if side == "left":
        values += [line.value for line in chart.properties.annotations.horizontal]
    bottom = min(values) if axis.min is None else axis.min
    axes.set_ylim(bottom, (max(values) * 1.15 or 1.0) if axis.max is None else axis.max)
    counts = all(curve.unit == "Count" for curve in curves)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=counts))
    axes.yaxis.set_major_formatter(lambda value, _: number(value))
    axes.tick_params(axis="both", length=0, labelsize=SMALL)
    for spine in axes.spines.values():
        spine.set_visible(False)
    units = sorted({unit(curve.unit) for curve in curves} - {""}) if axis.showUnits else []
    axes.annotate(
        printable(axis.label or ", ".join(units)),
        (0 if side == "left" else 1, 1),
        (0, 7),
        xycoords="axes fraction",
        textcoords="offset points",
        ha="right" if side == "left" else "left",
        size=SMALL,
        color=FAINT,
    )


def _legend(card: Axes, curves: Sequence[Curve], width: float) -> int:
    """Names of the lines, from the bottom up; returns how many rows they take."""
    rows: list[list[tuple[str, str, str]]] = [[]]
    used = 0.0
    nowhere = all(curve.points is None for curve in curves)
    for n, curve in enumerate(curves):
        here = curve.points is not None
        text = printable(curve.label) + ("" if here or nowhere else f" ({NOT_RECORDED})")
        if rows[-1] and used + _room(text) > width - 0.3:
            rows.append([])
            used = 0.0
        colours = (COLOURS[n % len(COLOURS)], INK) if here else (GRID, FAINT)
        rows[-1].append((text, *colours))
        used += _room(text)
    for n, row in enumerate(rows):
        x, y = 0.2, 0.15 + _LEGEND_ROW_INCHES * (len(rows) - 1 - n)
        for text, mark, ink in row:
            card.plot([x], [y], marker="s", markersize=4.5, color=mark)
            card.text(x + 0.09, y - 0.005, text, size=SMALL, va="center", color=ink)
            x += _room(text)
    return len(rows)


def _room(text: str) -> float:
    return 0.32 + inches(text)
