"""What an operator changes while the system runs: the stop and the prices."""

import json
from datetime import date
from decimal import Decimal

import pytest
from aws_lambda_powertools.utilities import parameters
from botocore.exceptions import ClientError

from filtermend import aws, controls
from filtermend.faults import Fault, SettingMissing, SettingUnavailable
from filtermend.prices import price_table
from filtermend.rules.cost import price_of
from filtermend.settings import ControlSettings

NAMES = ControlSettings(stop_parameter="/stack/automatic-calls", prices_parameter="/stack/prices")
NEW = {"model": "gemini-9-flash", "since": "2026-11-01", "input": "1.25", "output": "5.00"}


class Ssm:
    """Parameters by name, as Powertools hands them on."""

    def __init__(self) -> None:
        self.values = {"/stack/automatic-calls": "go", "/stack/prices": "none"}
        self.ages: dict[str, int] = {}
        self.down = False
        self.code = "ThrottlingException"

    def get(self, name: str, max_age: int) -> str:
        if self.down:
            try:
                raise ClientError({"Error": {"Code": self.code}}, "GetParameter")  # noqa: TRY301
            except ClientError as error:  # as Powertools does it
                raise parameters.GetParameterError(str(error))  # noqa: B904
        self.ages[name] = max_age
        return self.values[name]


@pytest.fixture
def ssm(monkeypatch: pytest.MonkeyPatch) -> Ssm:
    fake = Ssm()
    monkeypatch.setattr(aws, "ssm", lambda: fake)
    return fake


@pytest.mark.parametrize(
    ("value", "is_stopped"),
    [("go", False), (" GO\n", False), ("stop", True), ("stopp", True), ("yes", True)],
)
def test_anything_but_go_is_a_stop(ssm: Ssm, value: str, is_stopped: bool) -> None:
    ssm.values["/stack/automatic-calls"] = value
    assert controls.stopped(NAMES) is is_stopped


def test_the_stop_is_known_well_within_a_minute(ssm: Ssm) -> None:
    controls.stopped(NAMES)
    assert ssm.ages["/stack/automatic-calls"] <= 15


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("ThrottlingException", SettingUnavailable),
        ("InternalServerError", SettingUnavailable),
        ("ParameterNotFound", SettingMissing),
        ("AccessDeniedException", SettingMissing),
    ],
)
def test_a_stop_that_cannot_be_read_lets_nothing_go(
    ssm: Ssm, code: str, fault: type[Fault]
) -> None:
    ssm.down, ssm.code = True, code
    with pytest.raises(fault, match=f"/stack/automatic-calls cannot be read: {code}"):
        controls.stopped(NAMES)


def test_without_parameters_nothing_is_read(ssm: Ssm) -> None:
    ssm.down = True
    assert controls.stopped(ControlSettings()) is False
    assert controls.prices(ControlSettings()) == price_table()


def test_a_new_price_needs_no_release(ssm: Ssm) -> None:
    day = date(2026, 11, 20)
    assert price_of("gemini-9-flash", day, controls.prices(NAMES)) is None
    ssm.values["/stack/prices"] = json.dumps([NEW])
    price = price_of("gemini-9-flash", day, controls.prices(NAMES))
    assert price is not None
    assert price.output == Decimal("5.00")
    assert price_of("gemini-3.8-flash", day, controls.prices(NAMES)) is not None


def test_an_operators_entry_comes_before_the_packages_of_the_same_day(ssm: Ssm) -> None:
    shipped = price_table()[0]
    mine = {"model": shipped.model, "since": str(shipped.since), "input": "9", "output": "9"}
    ssm.values["/stack/prices"] = json.dumps([mine])
    price = price_of(shipped.model, shipped.since, controls.prices(NAMES))
    assert price is not None
    assert price.input == 9


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[", "the list: Invalid JSON"),
        ("{}", "the list: Input should be a valid"),
        (json.dumps([NEW | {"output": "-1"}]), "0.output: Input should be greater than or equal"),
        (json.dumps([NEW | {"since": "soon"}]), "0.since"),
        (json.dumps([{"model": "m"}]), "0.since: Field required"),
    ],
)
def test_a_table_that_is_none_lets_nothing_be_asked(ssm: Ssm, text: str, complaint: str) -> None:
    ssm.values["/stack/prices"] = text
    with pytest.raises(SettingMissing, match=f"/stack/prices is no price table: {complaint}"):
        controls.prices(NAMES)
