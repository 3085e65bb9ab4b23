"""The deployed stack: whether it can be deployed to, and what it says of itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    PartialCredentialsError,
)

from local.deploy import CannotDeploy

POLICY = "docs/deployer-policy.json has what a deployer needs"
EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
UNKNOWN = {"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch"}
ONLY_DELETED = {"CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"}
NOT_BEGUN = "REVIEW_IN_PROGRESS"
"""A first change set is there and was not executed."""


@dataclass(frozen=True)
class Stack:
    """A stack as CloudFormation describes it; parameters without a value are empty."""

    name: str
    status: str
    outputs: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)

    def output(self, name: str) -> str:
        """One output.

        Raises:
            CannotDeploy: the stack is of a version that has no such output.
        """
        if name not in self.outputs:
            raise CannotDeploy(
                f"the stack {self.name} has no output {name}: it is of another version; "
                "deploy this one first"
            )
        return self.outputs[name]


def describe(session: boto3.Session, name: str) -> Stack | None:
    """The stack, or None where there is none of that name.

    Raises:
        CannotDeploy: no credentials, or AWS refuses or cannot be reached.
    """
    with asking(f"ask CloudFormation for the stack {name}"):
        try:
            found: Any = session.client("cloudformation").describe_stacks(StackName=name)
        except ClientError as error:
            if "does not exist" in error.response["Error"].get("Message", ""):
                return None
            raise
    stack = found["Stacks"][0]
    return Stack(
        name,
        stack["StackStatus"],
        {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])},
        {one["ParameterKey"]: one["ParameterValue"] for one in stack.get("Parameters", [])},
    )


def unexecuted(session: boto3.Session, stack: Stack | None) -> set[str]:
    """The stack's change sets that somebody could still execute, by id.

    Raises:
        CannotDeploy: as `describe`.
    """
    if stack is None:
        return set()
    with asking(f"ask CloudFormation for the change sets of {stack.name}"):
        pages = session.client("cloudformation").get_paginator("list_change_sets")
        return {
            found["ChangeSetId"]
            for page in pages.paginate(StackName=stack.name)
            for found in page["Summaries"]
            if found.get("ExecutionStatus") == "AVAILABLE"
        }


def obstacle(stack: Stack | None) -> str | None:
    """What has to be done before a deploy; None when it can begin."""
    if stack is None or stack.status == NOT_BEGUN:
        return None
    events = f"`aws cloudformation describe-stack-events --stack-name {stack.name}`"
    if stack.status in ONLY_DELETED:
        return (
            f"the stack {stack.name} is in {stack.status}: it never came up and can only be "
            f"deleted. {events} says why; mend that, then `aws cloudformation delete-stack "
            f"--stack-name {stack.name}`, and deploy again"
        )
    if stack.status == "UPDATE_ROLLBACK_FAILED":
        return (
            f"the stack {stack.name} is in {stack.status}: {events} says what could not be taken "
            "back; mend that, then `aws cloudformation continue-update-rollback --stack-name "
            f"{stack.name}`, and deploy again"
        )
    if stack.status.endswith("_IN_PROGRESS"):
        return (
            f"the stack {stack.name} is in {stack.status}: another deploy is on. Wait for its end "
            f"({events}), then deploy again"
        )
    return None


@contextmanager
def asking(what: str) -> Iterator[None]:
    """Raises CannotDeploy, with what to do, where AWS says no inside the block."""
    try:
        yield
    except (NoCredentialsError, PartialCredentialsError):
        raise CannotDeploy(
            "there are no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY, or sign in with `aws sso login`"
        ) from None
    except ClientError as error:
        raise CannotDeploy(_refusal(what, error)) from None
    except BotoCoreError as error:
        raise CannotDeploy(f"cannot {what}: {error}. Is AWS reached from here?") from None


def _refusal(what: str, error: ClientError) -> str:
    code = error.response["Error"].get("Code", "")
    message = error.response["Error"].get("Message", "")
    if code in EXPIRED:
        return f"cannot {what}: the AWS credentials have expired; sign in again"
    if code in UNKNOWN:
        return f"cannot {what}: AWS does not know these credentials ({code}); take others"
    if code.startswith("AccessDenied") or code == "UnauthorizedOperation":
        return f"may not {what}: {message}. {POLICY}"
    return f"cannot {what}: {code}, {message}"
