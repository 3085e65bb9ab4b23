"""Texts and numbers in the pictures."""

from typing import Any

import pytest

from local.dashboard import drawing, page, style
from local.dashboard.body import LogWidget, MetricWidget
from local.dashboard.panels import Chart, Curve, Panel, Table
from local.dashboard.series import Window

HOSTILE = "<script>alert(1)</script> $\\frac$ \x1b[31m\u202e"
PLACE = {"x": 0, "y": 0, "width": 8, "height": 6}


def chart(curves: list[Curve], **properties: Any) -> Panel:
    shown = {"title": "the title", "region": "r", "metrics": []} | properties
    widget = MetricWidget.model_validate(PLACE | {"type": "metric", "properties": shown})
    return Panel(widget, Chart(widget.properties, Window(0, 600, 60), curves))


def texts(panel: Panel) -> set[str]:
    (card, *graphs) = drawing.alone(panel).axes
    return {text.get_text() for axes in (card, *graphs) for text in axes.texts}


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.001234, "0.00123"), (12.5, "12.5"), (99.96, "100"), (-1234567, "-1,234,567")],
)
def test_numbers_are_short(value: float, text: str) -> None:
    assert style.number(value) == text


def test_a_text_is_cut_to_its_room() -> None:
    text = "After three attempts"
    assert style.cut(text, style.inches(text)) == text
    short = style.cut(text, style.inches(text) / 2)
    assert text.startswith(short[:-1])
    assert short[-1] == "…"
    assert style.inches(text) / 4 < style.inches(short) <= style.inches(text) / 2


def test_a_graph_names_its_lines_and_what_is_not_recorded() -> None:
    curves = [Curve("here", {0: 1.0}, "left", "Seconds"), Curve("away", None, "right", "Count")]
    shown = texts(chart(curves, annotations={"horizontal": [{"label": "limit", "value": 5}]}))
    assert shown >= {"the title", "here", "away (not recorded here)", "limit 5 s", "s"}
    assert "no data" not in shown


@pytest.mark.parametrize("view", ["timeSeries", "singleValue"])
@pytest.mark.parametrize(("points", "note"), [({}, "no data"), (None, "not recorded here")])
def test_an_empty_widget_says_so(view: str, points: Any, note: str) -> None:
    assert note in texts(chart([Curve("line", points, "left", "Count")], view=view))


def test_a_single_value_is_the_latest() -> None:
    curve = Curve("cost", {0: 1.0, 60: 2.25}, "left", "Milliseconds")
    assert "2.25 ms" in texts(chart([curve], view="singleValue"))


@pytest.mark.parametrize("rows", [[[HOSTILE, "x" * 500]], []])
def test_hostile_texts_are_only_texts(rows: list[list[str]]) -> None:
    table = Table(HOSTILE, ["reason", "other"], rows)
    properties = {"title": HOSTILE, "region": "r", "query": "q"}
    widget = LogWidget.model_validate(PLACE | {"type": "log", "properties": properties})
    panels = [Panel(widget, table), chart([Curve(HOSTILE, {0: 1.0}, "left", "Count")])]
    html = page.page(panels, HOSTILE)
    assert "<script" not in html
    assert "\x1b" not in html
    drawing.dashboard(panels, HOSTILE).canvas.draw()
    assert "\x1b" not in "".join(texts(panels[0]))
