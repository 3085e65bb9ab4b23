"""`make stop`, `make go`, `make prices`: what holds for a running stack, STACK or the local one."""

from collections.abc import Mapping
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from filtermend.controls import GO, NO_PRICES, read_prices
from filtermend.faults import SettingMissing
from local.operate import CannotOperate, deployment

STOP = "stop"
LONGEST_VALUE = 4096
"""Of a standard parameter of SSM."""


def stop(given: Mapping[str, str]) -> int:
    """Hold every run before its next question to the model.

    Raises:
        CannotOperate: the message says what to do.
    """
    return _write(given, "automatic-calls", STOP, "no question is asked from now on, 15 s at most")


def go(given: Mapping[str, str]) -> int:
    """Let the runs go on.

    Raises:
        CannotOperate: as above.
    """
    return _write(given, "automatic-calls", GO, "runs go on within a minute")


def prices(given: Mapping[str, str]) -> int:
    """Put the price table of FILE before the one of the package; FILE=none takes it away.

    Raises:
        CannotOperate: the file is none, or as above.
    """
    file = given.get("FILE")
    if not file:
        raise CannotOperate("which prices? FILE=prices.json, or FILE=none for the package's own")
    if file == NO_PRICES:
        return _write(given, "prices", NO_PRICES, "the package's own prices hold in five minutes")
    table = _table(file)
    return _write(given, "prices", table, "these prices hold within five minutes")


def _table(file: str) -> str:
    """The file's text without its white space, when it is a price table."""
    try:
        found = read_prices(Path(file).expanduser().read_text("utf-8"), file)
    except SettingMissing as fault:
        raise CannotOperate(str(fault)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise CannotOperate(f"{file} cannot be read: {error}") from None
    text = "[" + ",".join(price.model_dump_json(exclude_none=True) for price in found) + "]"
    if len(text) > LONGEST_VALUE:
        raise CannotOperate(
            f"{file} has {len(text)} characters: at most {LONGEST_VALUE} fit; leave out what is "
            "shipped with the package"
        )
    return text


def _write(given: Mapping[str, str], control: str, value: str, effect: str) -> int:
    stack = given.get("STACK")
    try:
        stack, ssm = deployment.client(given, "ssm")
        ssm.put_parameter(Name=f"/{stack}/{control}", Value=value, Type="String", Overwrite=True)
    except (BotoCoreError, ClientError) as error:
        raise CannotOperate(f"the stack {stack} cannot be told: {error}") from None
    print(f"{stack}: {effect}")
    return 0
