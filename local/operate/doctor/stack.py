"""The stack that is examined: what CloudFormation knows of it, and clients with short waits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from filtermend.aws import CONFIG
from filtermend.checkup.finding import Finding, broken, ok, unknown
from local.aws import ServiceName
from local.operate import CannotOperate, deployment

SERVICES: tuple[ServiceName, ...] = ("cloudwatch", "events", "lambda", "sns", "sqs")
PATIENT = CONFIG.merge(Config(read_timeout=45, retries={"total_max_attempts": 1}))
"""Longer than the doctor function's own timeout, and its start."""


@dataclass(frozen=True)
class Stack:
    """A stack of CloudFormation.

    Attributes:
        local: it is the one on this machine, and was not named.
        outputs: by their names.
        resources: physical names by logical ones.
        clients: of the services that are asked.
        doctor: the client that waits for the doctor function.
    """

    name: str
    local: bool
    status: str
    outputs: dict[str, str]
    resources: dict[str, str]
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
        resources = _resources(cloudformation, name)
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
    return Stack(name, not given.get("STACK"), status, outputs, resources, clients, doctor)


def _resources(cloudformation: Any, name: str) -> dict[str, str]:
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
    return {
        resource["LogicalResourceId"]: str(resource.get("PhysicalResourceId", ""))
        for page in pages
        for resource in page["StackResourceSummaries"]
    }


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
