"""How AWS is called: bounded waits and few retries, by boto3 and by Powertools' parameters.

By default a call may hang for a minute and is then made again: longer than a function lives.
"""

from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools.utilities import parameters
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

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


@cache
def client(service: Any) -> Any:
    """The process's client of a service."""
    return boto3.client(service, config=CONFIG)


@cache
def secrets() -> parameters.SecretsProvider:
    """The process's secrets, cached."""
    return parameters.SecretsProvider(boto_config=CONFIG)


@cache
def ssm() -> parameters.SSMProvider:
    """The process's parameters, cached."""
    return parameters.SSMProvider(boto_config=CONFIG)


def forget() -> None:
    """Have secrets and parameters looked up anew from now on, however young those in use are."""
    secrets().clear_cache()  # type: ignore[no-untyped-call]
    ssm().clear_cache()  # type: ignore[no-untyped-call]


def read_secret(name: str, max_age: int, *, fresh: bool = False) -> Any:
    """A secret that is JSON, at most so many seconds old, or looked up anew.

    Raises:
        SettingMissing: there is no such secret, it may not be read, or it is no JSON.
        SettingUnavailable: Secrets Manager does not answer now.
    """
    try:
        return secrets().get(name, max_age=max_age, transform="json", force_fetch=fresh)
    except parameters.TransformParameterError:
        raise SettingMissing(f"the secret {name} is no JSON") from None
    except (parameters.GetParameterError, BotoCoreError, ClientError) as error:
        raise _unreadable(f"the secret {name}", error) from None


def read_parameter(name: str, max_age: int) -> str:
    """A parameter of SSM, at most so many seconds old.

    Raises:
        SettingMissing: there is no such parameter, or it may not be read.
        SettingUnavailable: SSM does not answer now.
    """
    try:
        return str(ssm().get(name, max_age=max_age))
    except (parameters.GetParameterError, BotoCoreError, ClientError) as error:
        raise _unreadable(f"the parameter {name}", error) from None


def _unreadable(what: str, error: BaseException) -> Fault:
    """Wrong for good, or just now; Powertools keeps boto's error as the context of its own."""
    cause = error if isinstance(error, ClientError) else error.__cause__ or error.__context__
    code = cause.response["Error"].get("Code", "") if isinstance(cause, ClientError) else ""
    kind = SettingMissing if code in WRONG else SettingUnavailable
    return kind(f"{what} cannot be read: {code or type(cause or error).__name__}")
