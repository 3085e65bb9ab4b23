"""template.yaml: each alarm goes off on the data that should make it, and on no other.

That the code writes the metrics that they look at: `integration/core/test_alarm_metrics.py`.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from filtermend.telemetry import NAMESPACE
from local.dashboard.body import MetricWidget, parse
from local.folder import ROOT
from tests.unit.alarm_state import Points, evaluate, rings
from tests.unit.cloudformation import PARAMETERS, RESOURCES, TEMPLATE

ALARMS: dict[str, dict[str, Any]] = {
    name: resource["Properties"]
    for name, resource in RESOURCES.items()
    if resource["Type"] == "AWS::CloudWatch::Alarm"
}
THIS_STACK = {"Name": "stack", "Value": {"Ref": "AWS::StackName"}}
AWS_METRICS = {
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): "QueueName",
    ("AWS/States", "ExecutionsFailed"): "StateMachineArn",
    ("AWS/States", "ExecutionsTimedOut"): "StateMachineArn",
    ("AWS/States", "ExecutionsAborted"): "StateMachineArn",
    ("AWS/Lambda", "Errors"): "FunctionName",
}
"""As the guides of SQS, Step Functions and Lambda name them, and the dimension each has."""

ONE_IS_ENOUGH = [
    "DeadLetterAlarm",
    "ExecutionFailedAlarm",
    "ExecutionTimedOutAlarm",
    "ExecutionAbortedAlarm",
    "ModelRefusesAlarm",
    "UnpricedModelAlarm",
    "StoppedByFaultAlarm",
    "BudgetAlarm",
]
BETWEEN: dict[str, tuple[list[Points], list[Points]]] = {
    "TriggerLatencyAlarm": (
        [[1, 5.1, 9, 6], [6, None, 7, 8]],
        [[5, 5, 5], [9, 9, 4.9], [9, 4, 9], [9, 9, None, None], [None] * 5],
    ),
    "TotalCostAlarm": ([[100.01], [3, 250]], [[100], [99.99], [None] * 3]),
    "ValidatorUnavailableAlarm": (
        [[1, None, 2, None, None, 1, None], [1] * 10, [1, *[None] * 6, 1, 1]],
        [[4], [9, 9], [1, *[None] * 11, 1, 1], [None] * 12],
    ),
    "SweepFailingAlarm": ([[1, 2, 1], [0, 1, 1, 1]], [[0, 1, 1], [1, 0, 1], [1, 1, None, None]]),
    "SweepMissingAlarm": (
        [[1, *[None] * 7], [0] * 5, [None] * 7],
        [[1] * 5, [1, None, None, None, None], [None, None, None, 1, None, 1]],
    ),
}
"""Points that make an alarm go off, and such that do not."""


def metrics_of(alarm: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each metric that it looks at: one, or those of its expression."""
    if "Metrics" not in alarm:
        yield alarm
    for query in alarm.get("Metrics", []):
        if "MetricStat" in query:
            yield query["MetricStat"]["Metric"]


def threshold(alarm: dict[str, Any]) -> float:
    limit = alarm["Threshold"]
    return float(PARAMETERS[limit["Ref"]]["Default"] if isinstance(limit, dict) else limit)


def test_every_alarm_is_tried() -> None:
    assert ALARMS.keys() == {*ONE_IS_ENOUGH, *BETWEEN, "SuccessRateAlarm"}


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_tells_the_operators_what_to_do(name: str) -> None:
    assert ALARMS[name]["AlarmActions"] == [{"Ref": "AlarmTopic"}]
    assert len(ALARMS[name]["AlarmDescription"].split()) > 15


@pytest.mark.parametrize("name", ONE_IS_ENOUGH)
def test_one_is_enough_and_no_news_are_good_news(name: str) -> None:
    alarm = ALARMS[name]
    assert alarm["Period"] == 60
    assert rings(alarm, [0, None, 1])
    assert not rings(alarm, [1, 0])
    assert not rings(alarm, [1, None, None, None])
    assert not rings(alarm, [None])


@pytest.mark.parametrize("name", BETWEEN)
def test_an_alarm_goes_off_when_it_should(name: str) -> None:
    alarm, (bad, good) = ALARMS[name], BETWEEN[name]
    for points in bad:
        assert rings(alarm, points, threshold(alarm)), points
    for points in good:
        assert not rings(alarm, points, threshold(alarm)), points


@pytest.mark.parametrize(
    ("good", "bad", "early", "goes_off"),
    [
        (4, 3, 3, True),
        (5, 3, 2, False),
        (None, 10, None, True),
        (None, None, 10, True),
        (None, 5, 4, False),
        (1, 8, None, False),
        (10, None, None, False),
        (400, 600, 1, True),
        (None, None, None, False),
    ],
)
def test_fewer_fixes_than_failures_among_enough_runs_raise_an_alarm(
    good: float | None, bad: float | None, early: float | None, goes_off: bool
) -> None:
    alarm = ALARMS["SuccessRateAlarm"]
    least = str(PARAMETERS["SuccessAlarmMinRuns"]["Default"])
    queries = []
    for query in alarm["Metrics"]:
        expression = query.get("Expression")
        text = expression["Fn::Sub"] if isinstance(expression, dict) else expression
        filled = text and text.replace("${SuccessAlarmMinRuns}", least)
        queries.append(query | ({"Expression": filled} if filled else {}))
        assert query.get("MetricStat", {}).get("Period", 3600) == 3600
    rate = evaluate(queries, {"good": good, "bad": bad, "early": early})
    assert rings(alarm, [rate]) is goes_off


def test_only_the_alarm_that_the_local_aws_cannot_have_may_be_left_out() -> None:
    conditional = {name for name in ALARMS if "Condition" in RESOURCES[name]}
    assert conditional == {"SuccessRateAlarm"}
    none = {"Fn::Equals": [{"Ref": "SuccessAlarmMinRuns"}, 0]}
    assert TEMPLATE["Conditions"]["WatchesSuccess"] == {"Fn::Not": [none]}
    assert PARAMETERS["SuccessAlarmMinRuns"]["Default"] > 0


def test_an_alarm_on_a_metric_of_aws_names_it_as_aws_does() -> None:
    looked_at = set()
    for alarm in ALARMS.values():
        for metric in metrics_of(alarm):
            if metric["Namespace"].startswith("AWS/"):
                [dimension] = metric["Dimensions"]
                name = (metric["Namespace"], metric["MetricName"])
                assert AWS_METRICS[name] == dimension["Name"]
                looked_at.add(name)
    assert looked_at == AWS_METRICS.keys()


def test_an_alarm_on_a_metric_of_ours_looks_at_its_own_stack_s_alone() -> None:
    ours = [
        metric
        for alarm in ALARMS.values()
        for metric in metrics_of(alarm)
        if metric["Namespace"] == NAMESPACE
    ]
    assert len(ours) == 11
    for metric in ours:
        assert THIS_STACK in metric["Dimensions"], metric["MetricName"]


def test_a_widget_shows_its_own_stack_s_metrics_alone() -> None:
    text, _ = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    shown = [
        line.metric
        for widget in parse(text).widgets
        if isinstance(widget, MetricWidget)
        for line in widget.properties.metrics
        if line.metric and line.metric.namespace == NAMESPACE
    ]
    assert len(shown) == 20
    for metric in shown:
        assert ("stack", "${AWS::StackName}") in metric.dimensions, metric


def test_an_execution_s_every_bad_end_raises_an_alarm() -> None:
    machine = [{"Name": "StateMachineArn", "Value": {"Ref": "Regeneration"}}]
    watched = {a["MetricName"] for a in ALARMS.values() if a.get("Dimensions") == machine}
    assert watched == {"ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"}


def test_a_dead_letter_and_a_failing_sweep_are_looked_for_where_they_are() -> None:
    letters, sweep = ALARMS["DeadLetterAlarm"], ALARMS["SweepFailingAlarm"]
    assert letters["Statistic"] == "Maximum"  # a sum would count a message once per sample
    queue = {"Fn::GetAtt": "DeadLetterQueue.QueueName"}
    assert letters["Dimensions"] == [{"Name": "QueueName", "Value": queue}]
    assert sweep["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": "SweepFunction"}}]


def test_the_operators_page_explains_every_alarm() -> None:
    page = (ROOT / "docs/operations.md").read_text("utf-8")
    rows = re.findall(r"^\| ((?:[A-Z][A-Za-z]+, )*[A-Z][A-Za-z]+) \| \S", page, re.MULTILINE)
    named = {f"{name}Alarm" for row in rows for name in row.split(", ")}
    assert named >= ALARMS.keys()
