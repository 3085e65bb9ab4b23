"""How AWS is called: bounded waits and few retries, for whatever asks for a client.

By default a call may hang for a minute and is then made again: longer than a function lives.
"""

from functools import cache
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

from filtermend.faults import Fault, SettingMissing, SettingUnavailable

CONFIG = Config(
    connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 4}
)

WRONG = {
    "AccessDenied",
    "AccessDeniedException",
    "DecryptionFailure",
    "InvalidParameterException",
    "InvalidRequestException",
    "KMSInvalidStateException",
    "ParameterNotFound",
    "ResourceNotFoundException",
    "ValidationException",
}
"""Codes of Secrets Manager and SSM that stay until somebody mends the stack."""


def bound_calls() -> None:
    """Give the process's clients their limits, those that Powertools makes included."""
    session = botocore.session.get_session()
    session.set_default_client_config(CONFIG)
    boto3.setup_default_session(botocore_session=session)


@cache
def client(service: Any) -> Any:
    """The process's client of a service."""
    return boto3.client(service)


def unreadable(what: str, error: BaseException) -> Fault:
    """The fault for a secret or parameter that could not be read: wrong for good, or just now."""
    cause = error if isinstance(error, ClientError) else error.__cause__ or error.__context__
    code = cause.response["Error"].get("Code", "") if isinstance(cause, ClientError) else ""
    kind = SettingMissing if code in WRONG else SettingUnavailable
    return kind(f"{what} cannot be read: {code or type(cause or error).__name__}")


bound_calls()
