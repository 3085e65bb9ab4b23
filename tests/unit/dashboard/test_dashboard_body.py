"""What a dashboard may say, and that anything else is refused by name."""

import json
from typing import Any

import pytest

from local.dashboard import DashboardError
from local.dashboard.body import GRID_COLUMNS, parse
from local.dashboard.emf import NAMESPACE, OwnMetrics
from local.dashboard.functions import FunctionMetrics
from local.dashboard.panels import Figures, panels
from local.dashboard.queues import QueueMetrics
from local.dashboard.series import Metric, Points, Window
from local.dashboard.stack import dashboard_json
from local.template import template

NOWHERE = "http://127.0.0.1:9"
PUSHED = ("stack", "filtermend", "service", "trigger")


def widget(**properties: Any) -> dict[str, Any]:
    shown = {"title": "t", "region": "r", "metrics": [["N", "m", "d", "v"]]} | properties
    return {"type": "metric", "x": 0, "y": 0, "width": 6, "height": 6, "properties": shown}


def body(*widgets: dict[str, Any]) -> str:
    return json.dumps({"start": "-PT24H", "periodOverride": "inherit", "widgets": widgets})


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{", "its beginning"),
        (body(widget() | {"type": "explorer"}), "explorer"),
        (body(widget(view="gauge")), "gauge"),
        (body(widget(sparkline=True)), "sparkline"),
        (body(widget(metrics=[["N", "m", ".", "v"]])), "write namespace, name and dimensions out"),
        (body(widget(metrics=[[{"label": "x"}]])), "needs an expression"),
        (body(widget(metrics=[["N", "m", {"colour": "red"}]])), "colour"),
        (body(widget(metrics=[["N", "m", "d"]])), "write namespace, name and dimensions out"),
        (body(widget() | {"x": 24}), "24"),
    ],
)
def test_what_is_not_known_is_refused_by_name(text: str, named: str) -> None:
    with pytest.raises(DashboardError, match=named):
        parse(text)


class Anything:
    """Every metric exists and has no samples."""

    def points(self, metric: Metric, stat: str, window: Window) -> Points:
        return {}

    def unit(self, metric: Metric) -> str:
        return "None"


@pytest.mark.parametrize(
    ("line", "named"),
    [
        (["AWS/EC2", "CPU"], "there is no namespace AWS/EC2"),
        ([NAMESPACE, "errors_im", "service", "trigger"], "errors_im"),
        ([NAMESPACE, "errors_in", "error_type", "panic"], "errors_in .error_type panic"),
        (["AWS/Lambda", "Faults", "FunctionName", "f"], "Faults"),
        (["AWS/SQS", "Messages", "QueueName", "q"], "Messages"),
        ([NAMESPACE, "errors_in", *PUSHED, {"stat": "p101"}], "p101"),
        ([{"expression": "a + b", "id": "c"}], "names a"),
    ],
)
def test_a_metric_that_there_is_not_is_an_error(line: list[Any], named: str) -> None:
    sources = {
        NAMESPACE: OwnMetrics([]),
        "AWS/Lambda": FunctionMetrics([]),
        "AWS/SQS": QueueMetrics(NOWHERE),
    }
    with pytest.raises(DashboardError, match=named):
        panels(parse(body(widget(metrics=[line]))), Figures(sources, lambda _: []), 0, 600)


def test_the_template_s_dashboard_asks_for_our_metrics_as_they_are_emitted() -> None:
    names = dict.fromkeys(template()["Resources"], "name")
    dashboard = parse(dashboard_json(names))
    anything = dict.fromkeys(("AWS/Lambda", "AWS/States", "AWS/SQS"), Anything())
    figures = Figures({NAMESPACE: OwnMetrics([]), **anything}, lambda _: [])
    assert len(panels(dashboard, figures, 0, 600)) == len(dashboard.widgets)


def test_the_template_s_widgets_fill_rows_without_overlap() -> None:
    dashboard = parse(dashboard_json(dict.fromkeys(template()["Resources"], "name")))
    cells = [
        (x, y)
        for widget in dashboard.widgets
        for x in range(widget.x, widget.x + widget.width)
        for y in range(widget.y, widget.y + widget.height)
    ]
    rows = 1 + max(y for _, y in cells)
    assert sorted(cells) == sorted((x, y) for x in range(GRID_COLUMNS) for y in range(rows))


def test_a_resource_that_is_not_deployed_is_named() -> None:
    names = dict.fromkeys(template()["Resources"], "name")
    del names["SweepFunction"]
    with pytest.raises(DashboardError, match="no SweepFunction"):
        dashboard_json(names)
