"""template.yaml: what raises an alarm, and that the metrics it names are there."""

import json
import operator
import re
import subprocess
import sys
from typing import Any

import pytest

from filtermend.telemetry import NAMESPACE
from local.folder import ROOT
from tests.unit.cloudformation import RESOURCES, variables

ALARMS: dict[str, dict[str, Any]] = {
    name: resource["Properties"]
    for name, resource in RESOURCES.items()
    if resource["Type"] == "AWS::CloudWatch::Alarm"
}
OURS = {
    "model_errors": "RegenerateFunction",
    "unpriced_calls": "RegenerateFunction",
    "stopped_by_fault": "ProposeFunction",
    "sweep_runs": "SweepFunction",
}
"""Our metrics that raise an alarm, and the function that emits each."""

COMPARISONS = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
}


def rings(alarm: dict[str, Any], *minutes: float | None) -> bool:
    """Whether an alarm rings after these minutes, None where the metric has no data."""
    assert alarm["Period"] == 60
    breaches = COMPARISONS[alarm["ComparisonOperator"]]
    needed = alarm["EvaluationPeriods"]
    return len(minutes) >= needed and all(
        alarm["TreatMissingData"] == "breaching"
        if value is None
        else breaches(value, alarm["Threshold"])
        for value in minutes[-needed:]
    )


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_tells_the_operators_what_to_do(name: str) -> None:
    assert ALARMS[name]["AlarmActions"] == [{"Ref": "AlarmTopic"}]
    assert len(ALARMS[name]["AlarmDescription"].split()) > 15


@pytest.mark.parametrize("name", ALARMS.keys() - {"SweepFailingAlarm", "SweepMissingAlarm"})
def test_one_is_enough_and_no_news_are_good_news(name: str) -> None:
    assert rings(ALARMS[name], 0, None, 1)
    assert not rings(ALARMS[name], 1, 0)
    assert not rings(ALARMS[name], 1, None)


def test_a_sweep_that_fails_for_three_minutes_raises_an_alarm() -> None:
    failing = ALARMS["SweepFailingAlarm"]
    assert failing["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": "SweepFunction"}}]
    assert rings(failing, 1, 2, 1)
    assert not rings(failing, 0, 1, 1)
    assert not rings(failing, 1, 0, 1)
    assert not rings(failing, 1, None, 1)


def test_a_sweep_that_has_not_run_for_five_minutes_raises_an_alarm() -> None:
    missing = ALARMS["SweepMissingAlarm"]
    assert rings(missing, 1, None, None, None, None, None)
    assert not rings(missing, 1, None, None, None, None)


def test_an_execution_s_every_bad_end_raises_an_alarm() -> None:
    machine = [{"Name": "StateMachineArn", "Value": {"Ref": "Regeneration"}}]
    watched = {a["MetricName"] for a in ALARMS.values() if a["Dimensions"] == machine}
    assert watched == {"ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"}


def test_a_dead_letter_raises_an_alarm() -> None:
    alarm = ALARMS["DeadLetterAlarm"]
    assert alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
    assert alarm["Statistic"] == "Maximum"  # a sum would count a message once per sample
    queue = {"Fn::GetAtt": "DeadLetterQueue.QueueName"}
    assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": queue}]


def test_these_of_our_metrics_raise_an_alarm() -> None:
    ours = [a["MetricName"] for a in ALARMS.values() if a["Namespace"] == NAMESPACE]
    assert sorted(ours) == sorted(OURS)
    code = "".join(path.read_text("utf-8") for path in ROOT.glob("layers/filtermend/**/*.py"))
    assert set(re.findall(r'\bcount\("(\w+)"\)', code)) >= OURS.keys()


@pytest.mark.parametrize("metric", OURS)
def test_an_alarm_looks_where_the_function_s_metric_goes(metric: str) -> None:
    (alarm,) = (a for a in ALARMS.values() if a["MetricName"] == metric)
    emit = "from filtermend.telemetry import *; count(sys.argv[1]); metrics.flush_metrics()"
    names = ("POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE")
    environment = {name: variables(OURS[metric])[name] for name in names}
    line = subprocess.run(
        [sys.executable, "-c", f"import sys; {emit}", metric],
        env=environment | {"PYTHONPATH": str(ROOT / "layers/filtermend")},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    emitted = json.loads(line)
    (directive,) = emitted["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == alarm["Namespace"]
    assert [m["Name"] for m in directive["Metrics"]] == [metric]
    assert directive["Dimensions"] == [[d["Name"] for d in alarm["Dimensions"]]]
    for dimension in alarm["Dimensions"]:
        assert emitted[dimension["Name"]] == dimension["Value"]
