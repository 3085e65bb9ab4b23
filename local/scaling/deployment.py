"""What template.yaml and the state machine themselves say, so that the arithmetic follows them."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from local.folder import ROOT
from local.template import template

States = dict[str, dict[str, Any]]


@dataclass(frozen=True, eq=False)
class Deployment:
    """The deployed parts that cost or limit something, with the template's defaults.

    Attributes:
        memory_gb: of each function, by its name in small letters.
        alarm_metrics: metrics that the alarms look at, each of which is paid for.
        backoff_seconds: before the first, second and third attempt.
        start: the state machine's first state.
        states: its states.
    """

    memory_gb: dict[str, float]
    alarm_metrics: int
    dashboards: int
    queues_read: int
    secrets: int
    keys: int
    attempts: int
    turns_per_attempt: int
    backoff_seconds: tuple[int, ...]
    model: str
    start: str
    states: States


@cache
def deployment() -> Deployment:
    """As template.yaml in this folder deploys it."""
    document = template()
    resources: dict[str, dict[str, Any]] = document["Resources"]
    default = {name: given.get("Default") for name, given in document["Parameters"].items()}
    definition = (ROOT / resources["Regeneration"]["Properties"]["DefinitionUri"]).read_text(
        "utf-8"
    )
    machine = json.loads(definition)
    functions = _of_type(resources, "AWS::Serverless::Function")
    usual = document["Globals"]["Function"]["MemorySize"]
    alarms = _of_type(resources, "AWS::CloudWatch::Alarm").values()
    return Deployment(
        memory_gb={
            name.removesuffix("Function").lower(): function.get("MemorySize", usual) / 1024
            for name, function in functions.items()
        },
        alarm_metrics=sum(map(_metrics, alarms)),
        dashboards=len(_of_type(resources, "AWS::CloudWatch::Dashboard")),
        queues_read=_queues_read(functions),
        secrets=len(_of_type(resources, "AWS::SecretsManager::Secret")),
        keys=len(_of_type(resources, "AWS::KMS::Key")),
        attempts=default["MaxAttempts"],
        turns_per_attempt=default["TurnsPerAttempt"],
        backoff_seconds=tuple(int(text) for text in default["BackoffSeconds"].split(",")),
        model=default["GeminiModel"],
        start=machine["StartAt"],
        states=machine["States"],
    )


def _of_type(resources: dict[str, dict[str, Any]], kind: str) -> dict[str, dict[str, Any]]:
    return {name: r["Properties"] for name, r in resources.items() if r["Type"] == kind}


def _metrics(alarm: dict[str, Any]) -> int:
    """An alarm on an expression is charged for each metric in it."""
    return sum("MetricStat" in metric for metric in alarm.get("Metrics", [])) or 1


def _queues_read(functions: dict[str, dict[str, Any]]) -> int:
    events = [event for f in functions.values() for event in f.get("Events", {}).values()]
    return sum(event["Type"] == "SQS" for event in events)
