"""What an operator changes while the system runs: two parameters in SSM.

The stop: anything but `go` in it holds every run before its next question. The prices: a JSON list
of the price table's form, whose entries come before those shipped with the package.
"""

from pydantic import TypeAdapter, ValidationError

from filtermend.aws import read_parameter
from filtermend.faults import SettingMissing
from filtermend.prices import price_table
from filtermend.rules.cost import Price
from filtermend.settings import ControlSettings

GO = "go"
STOP_MAX_AGE_SECONDS = 15
PRICES_MAX_AGE_SECONDS = 300
NO_PRICES = "none"
"""SSM keeps no empty value."""

_PRICES = TypeAdapter(list[Price])


def stopped(settings: ControlSettings) -> bool:
    """True while the operator lets no question be asked; known within 15 seconds.

    Raises:
        SettingMissing, SettingUnavailable: the parameter cannot be read; nothing is asked then.
    """
    name = settings.stop_parameter
    return bool(name) and read_parameter(name, STOP_MAX_AGE_SECONDS).strip().lower() != GO


def prices(settings: ControlSettings) -> list[Price]:
    """The price table in force: the operator's entries, then those of the package.

    Raises:
        SettingMissing: the parameter is not there, or is no price table.
        SettingUnavailable: SSM does not answer now.
    """
    name = settings.prices_parameter
    given = read_parameter(name, PRICES_MAX_AGE_SECONDS).strip() if name else NO_PRICES
    return (read_prices(given, name) if given != NO_PRICES else []) + price_table()


def read_prices(text: str, name: str) -> list[Price]:
    """Entries of a price table, from JSON.

    Raises:
        SettingMissing: naming what is wrong, and where.
    """
    try:
        return _PRICES.validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the list"
        raise SettingMissing(f"{name} is no price table: {place}: {first['msg']}") from None
