"""`make migrate`: the stack's own function applies the SQL and writes the settings row."""

import json
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError

from filtermend.rules.masking import mask
from local.deploy import CannotDeploy
from local.deploy.stack import Stack, asking

FUNCTION_SECONDS = 900
PATIENT = Config(
    read_timeout=FUNCTION_SECONDS + 10, retries={"total_max_attempts": 1}, tcp_keepalive=True
)


def dispatch(stack: Stack) -> dict[str, str]:
    """How the database says that errors came in, by the stack's outputs.

    The webhook's token is not in it: the function takes it from the secret by itself.

    Raises:
        CannotDeploy: the stack lacks an output.
    """
    method = stack.output("Dispatch")
    if method == "aws_lambda":
        arn = stack.output("TriggerFunctionArn")
        return {"method": method, "target": arn, "region": arn.split(":")[3]}
    if method == "pg_net":
        return {"method": method, "target": stack.output("WebhookUrl")}
    return {"method": method}


def migrate(session: boto3.Session, stack: Stack) -> list[str]:
    """Apply the migrations and write the settings row; returns the files applied.

    Raises:
        CannotDeploy: the function cannot be invoked, or failed.
    """
    function = stack.output("MigrateFunctionName")
    payload = json.dumps({"dispatch": dispatch(stack)}).encode()
    with asking(f"invoke the function {function}"):
        try:
            answer = session.client("lambda", config=PATIENT).invoke(
                FunctionName=function, Payload=payload
            )
        except (ReadTimeoutError, ConnectionClosedError):
            raise CannotDeploy(
                f"{function} gave no answer in {FUNCTION_SECONDS // 60} minutes; it may still "
                "run. A repeated run waits for it and goes on from there"
            ) from None
    result: Any = json.loads(answer["Payload"].read() or b"null")
    if "FunctionError" in answer:
        raise CannotDeploy(_failure(function, stack, result))
    return [str(name) for name in result["applied"]]


def _failure(function: str, stack: Stack, result: Any) -> str:
    """What the function says, masked: it may quote what the database was asked with."""
    said = result.get("errorMessage") if isinstance(result, dict) else result
    return (
        f"the migration failed, and what it had applied stays: {mask(str(said)).strip()}\n"
        f"The log /filtermend/{stack.name} has more, under the function {function}. Mend it and "
        "run `make migrate` again: it goes on from there"
    )
