"""The stack that is examined: what CloudFormation knows of it, and clients with short waits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from filtermend.aws import config as short_waits
from filtermend.checkup.finding import Finding, broken, ok, unknown
from local.aws import ServiceName
from local.operate import CannotOperate, deployment

SERVICES: tuple[ServiceName, ...] = ("cloudwatch", "events", "lambda", "sns", "sqs")
ALARM = "AWS::CloudWatch::Alarm"
PATIENT = short_waits().merge(Config(read_timeout=45, retries={"total_max_attempts": 1}))
"""Longer than the doctor function's own timeout, and its start."""


@dataclass(frozen=True)
class Stack:
    """A stack of CloudFormation.

    Attributes:
        local: it is the one on this machine, and was not named.
        outputs: by their names.
        resources: physical names by logical ones.
        alarms: names of its alarms; another stack's may begin like this one's.
        clients: of the services that are asked.
        doctor: the client that waits for the doctor function.
    """

    name: str
    local: bool
    status: str
    outputs: dict[str, str]
    resources: dict[str, str]
    alarms: list[str]
    clients: dict[ServiceName, Any] = field(repr=False)
    doctor: Any = field(repr=False)


def find_stack(given: Mapping[str, str]) -> Stack:
    """The stack that STACK names, else the local one.

    Raises:
        CannotOperate: there is no such stack, no credentials, no region, or no answer.
    """
    name = given.get("STACK") or "local"
    try:
        name, cloudformation = deployment.client(given, "cloudformation")
        [found] = cloudformation.describe_stacks(StackName=name)["Stacks"]
        pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
        resources = [r for page in pages for r in page["StackResourceSummaries"]]
        clients = {service: deployment.client(given, service)[1] for service in SERVICES}
        doctor = deployment.client(given, "lambda", PATIENT)[1]
    except ClientError as error:
        said = error.response["Error"]
        raise CannotOperate(
            f"the stack {name} cannot be looked at: {said.get('Message') or said.get('Code')}"
        ) from None
    except BotoCoreError as error:
        raise CannotOperate(f"the stack {name} cannot be looked at: {error}") from None
    outputs = {o["OutputKey"]: str(o["OutputValue"]) for o in found.get("Outputs", [])}
    status = str(found["StackStatus"])
    names = {str(r["LogicalResourceId"]): str(r.get("PhysicalResourceId", "")) for r in resources}
    alarms = [names[r["LogicalResourceId"]] for r in resources if r["ResourceType"] == ALARM]
    return Stack(name, not given.get("STACK"), status, outputs, names, alarms, clients, doctor)


def look_at_status(stack: Stack) -> Finding:
    """The last deploy went well."""
    events = f"aws cloudformation describe-stack-events --stack-name {stack.name}"
    status = stack.status
    if status in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"):
        seen = ok(status)
    elif status.endswith("_IN_PROGRESS"):
        seen = unknown(f"{status}: a deploy is under way", "wait for it, and look again")
    else:
        seen = broken(
            f"{status}: the last deploy failed", f"look why ({events}), then deploy again"
        )
    return Finding(check="stack", **seen.model_dump())
