"""The dashboard as a picture: each widget is a card on the grid."""

import math
from collections.abc import Sequence

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure, FigureBase
from matplotlib.gridspec import GridSpec

from local.dashboard import graph, style
from local.dashboard.body import GRID_COLUMNS
from local.dashboard.panels import Chart, Panel, Table
from local.dashboard.style import COLOURS, FAINT, GRID, INK, NO_DATA, NOT_RECORDED

_TABLE_ROW_INCHES = 0.185
_COLUMN_GAP_INCHES = 0.2


def dashboard(panels: Sequence[Panel], heading: str) -> Figure:
    """All widgets where they are on the grid."""
    rows = max(panel.widget.y + panel.widget.height for panel in panels) + 1
    with rc_context(style.MATPLOTLIB):
        size = (GRID_COLUMNS * style.COLUMN_INCHES, rows * style.ROW_INCHES)
        figure = Figure(figsize=size, facecolor=style.PAPER)
        grid = GridSpec(
            rows, GRID_COLUMNS, figure, left=0, right=1, bottom=0, top=1, wspace=0, hspace=0
        )
        figure.text(0.006, 1 - 0.5 / rows, heading, va="center", size=11, weight="bold")
        for panel in panels:
            top, left = panel.widget.y + 1, panel.widget.x
            cells = grid[top : top + panel.widget.height, left : left + panel.widget.width]
            _draw(figure.add_subfigure(cells), panel)
    return figure


def alone(panel: Panel) -> Figure:
    """One widget."""
    place = panel.widget
    with rc_context(style.MATPLOTLIB):
        size = (place.width * style.COLUMN_INCHES, place.height * style.ROW_INCHES)
        figure = Figure(figsize=size, facecolor=style.PAPER)
        _draw(figure, panel)
    return figure


def _draw(figure: FigureBase, panel: Panel) -> None:
    """A card with the widget's title and what it shows; inches are its coordinates."""
    width = panel.widget.width * style.COLUMN_INCHES
    height = panel.widget.height * style.ROW_INCHES
    gap_x, gap_y = 0.05 / width, 0.05 / height
    card = figure.add_axes((gap_x, gap_y, 1 - 2 * gap_x, 1 - 2 * gap_y))
    card.set(xticks=[], yticks=[], facecolor="white", xlim=(0, width), ylim=(0, height))
    title = style.printable(panel.widget.properties.title)
    card.text(0.14, height - 0.2, title, size=8.5, weight="bold", va="center")
    if isinstance(panel.content, Table):
        _table(card, panel.content, width, height)
    elif panel.content.properties.view == "singleValue":
        _single_values(card, panel.content, width, height)
    else:
        graph.draw(figure, card, panel.content, width, height)


def _single_values(card: Axes, chart: Chart, width: float, height: float) -> None:
    """Values in big figures, beside each other as far as there is room."""
    columns = max(1, min(len(chart.curves), int(width // 1.2)))
    rows = math.ceil(len(chart.curves) / columns)
    cell_width, cell_height = (width - 0.2) / columns, (height - 0.45) / rows
    for n, curve in enumerate(chart.curves):
        x = 0.1 + (n % columns + 0.5) * cell_width
        y = height - 0.4 - (n // columns + 0.5) * cell_height + 0.1
        value = curve.latest
        if value is None:
            text, size, colour = NO_DATA if curve.points == {} else NOT_RECORDED, 9.0, FAINT
        else:
            text = f"{style.number(value)} {style.unit(curve.unit)}".strip()
            size, colour = min(25.0, cell_width * 80 / max(len(text), 4)), INK
        card.text(x, y, text, size=size, color=colour, ha="center", va="center")
        label, colour = style.printable(curve.label), COLOURS[n % len(COLOURS)]
        card.text(x, y - 0.33, label, size=8, color=colour, ha="center", va="center")


def _table(card: Axes, table: Table, width: float, height: float) -> None:
    """As many rows as there is room for; a text that is too long is cut."""
    if not table.rows:
        card.text(width / 2, height / 2, NO_DATA, size=10, color=FAINT, ha="center", va="center")
        return
    fitting = table.rows[: int((height - 0.65) / _TABLE_ROW_INCHES)]
    cells = [[style.printable(cell) for cell in row] for row in (table.columns, *fitting)]
    widths = _column_widths(cells, width - 0.3)
    for n, row in enumerate(cells):
        x, y = 0.16, height - 0.5 - n * _TABLE_ROW_INCHES
        if n:
            line = y + _TABLE_ROW_INCHES / 2
            card.plot([0.14, width - 0.14], [line, line], color=GRID, linewidth=0.6)
        for cell, column in zip(row, widths, strict=True):
            text = style.cut(cell, column - _COLUMN_GAP_INCHES)
            card.text(x, y, text, size=style.SMALL, va="center", color=INK if n else FAINT)
            x += column


def _column_widths(cells: Sequence[Sequence[str]], room: float) -> list[float]:
    """As wide as their texts; what is too much for the room is taken from the widest."""
    columns = zip(*cells, strict=True)
    widths = [max(map(style.inches, column)) + _COLUMN_GAP_INCHES for column in columns]
    widest = widths.index(max(widths))
    widths[widest] = max(_COLUMN_GAP_INCHES * 4, widths[widest] - max(0.0, sum(widths) - room))
    return widths
