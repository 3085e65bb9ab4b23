"""The Dashboard resource of template.yaml, with its `${…}` filled in from the local stack."""

import re
from collections.abc import Mapping
from typing import Any

from local.aws import REGION, STACK, client
from local.dashboard import DashboardError
from local.template import template

_PLACE = re.compile(r"\$\{([^}]+)\}")
_QUEUE_NAME = re.compile(r"^(\w+)\.QueueName$")


def deployed_resources(url: str) -> dict[str, str]:
    """What the stack's resources are really called, by their name in the template."""
    return {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in _of(url)}


def log_groups(url: str) -> list[str]:
    """Names of the stack's log groups."""
    return _of_type(url, "AWS::Logs::LogGroup")


def state_machines(url: str) -> list[str]:
    """ARNs of the stack's state machines."""
    return _of_type(url, "AWS::StepFunctions::StateMachine")


def _of_type(url: str, kind: str) -> list[str]:
    return [r["PhysicalResourceId"] for r in _of(url) if r["ResourceType"] == kind]


def _of(url: str) -> list[dict[str, Any]]:
    found = client("cloudformation", url).describe_stack_resources(StackName=STACK)
    resources: list[dict[str, Any]] = found["StackResources"]
    return resources


def dashboard_json(deployed: Mapping[str, str]) -> str:
    """The dashboard's JSON as CloudFormation would deploy it.

    Args:
        deployed: physical ids of the stack's resources by their name in the template.

    Raises:
        DashboardError: it names something that the stack does not have.
    """
    sub = template()["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    text, variables = sub if isinstance(sub, list) else (sub, {})
    values = {"AWS::Region": REGION, "AWS::StackName": STACK, **deployed}
    values |= {name: _attribute(value, deployed) for name, value in variables.items()}

    def filled(place: re.Match[str]) -> str:
        if place[1] not in values:
            raise DashboardError(
                f"the stack has no {place[1]}, which the dashboard names: is it deployed? "
                "`make down`, then `make up`"
            )
        return str(values[place[1]])

    return _PLACE.sub(filled, str(text))


def _attribute(value: Any, deployed: Mapping[str, str]) -> str:
    """A queue's name, which is the end of its URL."""
    match = _QUEUE_NAME.match(value.get("Fn::GetAtt", "")) if isinstance(value, dict) else None
    if match is None or match[1] not in deployed:
        raise DashboardError(f"the dashboard names {value}: only a queue's QueueName is known here")
    return deployed[match[1]].rsplit("/", 1)[-1]
