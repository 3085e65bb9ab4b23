"""Each metric of ours that an alarm looks at is written by the function that the alarm names.

The function runs in a process with the variables of template.yaml; what it writes in the embedded
metric format is compared with the alarm, and its value makes the alarm go off.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from integration.core.endpoints import FENCED, Gemini
from integration.core.rows import BEYOND_MENDING, Rows
from integration.core.traced import Run

from filtermend.models import Step
from tests.unit.alarm_state import rings
from tests.unit.cloudformation import variables
from tests.unit.test_template_alarms import ALARMS, metrics_of, threshold

Set = frozenset[tuple[str, str]]
UNITS = {"filter_regeneration_llm_cost_usd": "None"} | {
    "filter_regeneration_trigger_latency_seconds": "Seconds"
}
"""Of the others: Count."""


@dataclass(frozen=True)
class Datum:
    """One value that CloudWatch makes a metric of."""

    namespace: str
    name: str
    unit: str
    dimensions: Set
    value: float


def deployed(value: str | dict[str, str]) -> str:
    """A value of the template in a stack of the name `shop`."""
    return "shop" if value == {"Ref": "AWS::StackName"} else str(value)


def data_of(output: str) -> list[Datum]:
    """What CloudWatch reads in these lines, a value per metric and set of dimensions."""
    found = []
    for line in output.splitlines():
        emitted = json.loads(line) if line.startswith('{"_aws"') else {}
        for directive in emitted.get("_aws", {}).get("CloudWatchMetrics", []):
            for names in directive["Dimensions"]:
                for metric in directive["Metrics"]:
                    held = emitted[metric["Name"]]
                    found.append(
                        Datum(
                            directive["Namespace"],
                            metric["Name"],
                            metric["Unit"],
                            frozenset((name, emitted[name]) for name in names),
                            sum(held) if isinstance(held, list) else held,
                        )
                    )
    return found


class Functions:
    """The functions as the template sets them up, and what can happen to them."""

    def __init__(self, run: Run, rows: Rows, gemini: Gemini, aws: dict[str, str]) -> None:
        self._run, self.rows, self.gemini, self._aws = run, rows, gemini, aws

    def writes(self, function: str, step: Step | dict[str, Any], **others: str) -> list[Datum]:
        fixed = ("POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "STACK_NAME")
        given = variables(f"{function.title()}Function")
        settings = {name: deployed(given[name]) for name in fixed}
        return data_of(self._run((function,), step, key="", **settings | others).output)

    def asks(self, *answers: dict[str, Any], **others: str) -> list[Datum]:
        self.gemini.play(*answers)
        step = self.rows.running(**BEYOND_MENDING)
        self.rows.run(
            "update trader_execution_errors set created_at = now() - interval '6 s' where id = %s",
            [step.error_id],
        )
        return self.writes("regenerate", step, **others)

    def refused(self) -> list[Datum]:
        return self.asks({"status": 401})

    def unpriced(self) -> list[Datum]:
        return self.asks({"text": FENCED}, GEMINI_MODEL="unpriced")

    def answered(self) -> list[Datum]:
        return self.asks({"text": FENCED, "usage": {"prompt_token_count": 200_000_000}})

    def unvalidated(self) -> list[Datum]:
        step = self.rows.candidate(self.rows.running(), "return true")
        text = step.model_dump(mode="json")
        nowhere = {"GO_BACKEND_URL": "http://127.0.0.1:9", "raises": "ValidatorUnavailable"}
        return self.writes("validate", text, **nowhere)

    def proposed(self) -> list[Datum]:
        step = self.rows.candidate(self.rows.running(), "return true", valid=True)
        return self.writes("propose", step)

    def given_up(self) -> list[Datum]:
        step = self.rows.candidate(self.rows.running(), "return true")
        fault = {"fault": "validate", "fault_name": "ValidatorUnavailable"}
        return self.writes("propose", step.model_dump(mode="json") | fault)

    def swept(self) -> list[Datum]:
        self.rows.run(
            "insert into filter_regeneration_daily_costs "
            "(user_id, day, spent_usd, alert_id, alert_recorded_at) "
            "values (%s, (now() at time zone 'utc')::date, 11, gen_random_uuid(), now())",
            [uuid4()],
        )
        return self.writes("sweep", {}, **self._aws)


@pytest.fixture
def functions(run: Run, rows: Rows, gemini: Gemini, on_aws: dict[str, str]) -> Functions:
    return Functions(run, rows, gemini, on_aws)


EVENTS: dict[str, tuple[Callable[[Functions], list[Datum]], ...]] = {
    "ModelRefusesAlarm": (Functions.refused,),
    "UnpricedModelAlarm": (Functions.unpriced,),
    "TriggerLatencyAlarm": (Functions.answered,),
    "TotalCostAlarm": (Functions.answered,),
    "ValidatorUnavailableAlarm": (Functions.unvalidated,),
    "StoppedByFaultAlarm": (Functions.given_up,),
    "SuccessRateAlarm": (Functions.proposed, Functions.given_up, Functions.refused),
    "BudgetAlarm": (Functions.swept,),
    "SweepMissingAlarm": (Functions.swept,),
}
"""What has to happen so that the metrics of an alarm are written, each by its function."""


def test_every_alarm_on_a_metric_of_ours_is_looked_at() -> None:
    ours = {n for n, a in ALARMS.items() if next(metrics_of(a))["Namespace"] == "Filtermend"}
    assert ours == EVENTS.keys()


@pytest.mark.parametrize("name", EVENTS)
def test_the_alarm_looks_at_what_the_function_writes(name: str, functions: Functions) -> None:
    written = [event(functions) for event in EVENTS[name]]
    for metric, data in zip(metrics_of(ALARMS[name]), written, strict=True):
        looked_at = frozenset((d["Name"], deployed(d["Value"])) for d in metric["Dimensions"])
        [datum] = [
            datum
            for datum in data
            if (datum.name, datum.dimensions) == (metric["MetricName"], looked_at)
        ]
        assert datum.namespace == metric["Namespace"]
        assert datum.unit == UNITS.get(datum.name, "Count")
    if name == "SweepMissingAlarm":
        assert not rings(ALARMS[name], [datum.value])
    elif name != "SuccessRateAlarm":  # its expression is evaluated with the template's own tests
        points = [datum.value] * ALARMS[name]["EvaluationPeriods"]
        assert rings(ALARMS[name], points, threshold(ALARMS[name]))
