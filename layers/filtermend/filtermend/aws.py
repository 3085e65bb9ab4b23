"""How AWS is called: bounded waits and few retries, by boto3 and by Powertools' parameters.

By default a call may hang for a minute and is then made again: longer than a function lives.
boto3 is imported at the first call, on Lambda while the function starts (see `start`).
"""

from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from filtermend.faults import Fault, SettingMissing, SettingUnavailable

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.parameters import SecretsProvider, SSMProvider
    from botocore.config import Config

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


_MAKING = Lock()


@cache
def config() -> "Config":
    """The bounds of every call."""
    from botocore.config import Config

    retries: Any = {"mode": "standard", "total_max_attempts": 4}
    return Config(connect_timeout=3, read_timeout=10, retries=retries)


def client(service: Any) -> Any:
    """The process's client of a service, whichever thread asks for it."""
    with _MAKING:
        return made(service)


@cache
def made(service: Any) -> Any:
    """The clients that were made; in tests to be forgotten."""
    import boto3

    return boto3.client(service, config=config())


@cache
def secrets() -> "SecretsProvider":
    """The process's secrets, cached."""
    from aws_lambda_powertools.utilities.parameters import SecretsProvider

    return SecretsProvider(boto_config=config())


@cache
def ssm() -> "SSMProvider":
    """The process's parameters, cached."""
    from aws_lambda_powertools.utilities.parameters import SSMProvider

    return SSMProvider(boto_config=config())


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
    return _read(
        f"the secret {name}",
        lambda: secrets().get(name, max_age=max_age, transform="json", force_fetch=fresh),
    )


def read_parameter(name: str, max_age: int) -> str:
    """A parameter of SSM, at most so many seconds old.

    Raises:
        SettingMissing: there is no such parameter, or it may not be read.
        SettingUnavailable: SSM does not answer now.
    """
    return str(_read(f"the parameter {name}", lambda: ssm().get(name, max_age=max_age)))


def _read(what: str, read: Callable[[], Any]) -> Any:
    """What is read, or why it cannot be: for good, or just now."""
    from aws_lambda_powertools.utilities import parameters
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return read()
    except parameters.TransformParameterError:
        raise SettingMissing(f"{what} is no JSON") from None
    except (parameters.GetParameterError, BotoCoreError, ClientError) as error:
        raise _unreadable(what, error) from None


def _unreadable(what: str, error: BaseException) -> Fault:
    """Wrong for good, or just now; Powertools keeps boto's error as the context of its own."""
    from botocore.exceptions import ClientError

    cause = error if isinstance(error, ClientError) else error.__cause__ or error.__context__
    code = cause.response["Error"].get("Code", "") if isinstance(cause, ClientError) else ""
    kind = SettingMissing if code in WRONG else SettingUnavailable
    return kind(f"{what} cannot be read: {code or type(cause or error).__name__}")
