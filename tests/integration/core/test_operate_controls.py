"""make prices: what is put into the parameter, and what is refused."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import NoCredentialsError

from filtermend.controls import read_prices
from local.operate import CannotOperate, controls

PRICE = {"model": "gemini-9-flash", "since": "2026-12-01", "input": "1.5", "output": "9"}


class Ssm:
    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def put_parameter(self, Name: str, Value: str, **_: Any) -> None:  # noqa: N803  boto's names
        self.values[Name] = Value


@pytest.fixture
def ssm(monkeypatch: pytest.MonkeyPatch) -> Ssm:
    fake = Ssm()
    monkeypatch.setattr(boto3, "client", lambda *_, **__: fake)
    return fake


def asked(tmp_path: Path, text: str) -> Mapping[str, str]:
    file = tmp_path / "prices.json"
    file.write_text(text)
    return {"FILE": str(file), "STACK": "shop"}


def test_a_table_is_put_where_the_functions_read_it(ssm: Ssm, tmp_path: Path) -> None:
    assert controls.prices(asked(tmp_path, json.dumps([PRICE], indent=4))) == 0
    [(name, value)] = ssm.values.items()
    assert name == "/shop/prices"
    assert read_prices(value, name)[0].model == "gemini-9-flash"
    controls.prices({"FILE": "none", "STACK": "shop"})
    assert ssm.values["/shop/prices"] == "none"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "no price table: the list"),
        (json.dumps([PRICE | {"input": "cheap"}]), "no price table: 0.input"),
        (json.dumps([PRICE] * 60), "at most 4096 fit"),
    ],
)
def test_what_is_no_table_is_not_put_anywhere(
    ssm: Ssm, tmp_path: Path, text: str, complaint: str
) -> None:
    with pytest.raises(CannotOperate, match=complaint):
        controls.prices(asked(tmp_path, text))
    assert ssm.values == {}


def test_without_a_file_or_with_one_that_is_not_there_it_says_so(ssm: Ssm) -> None:
    with pytest.raises(CannotOperate, match="which prices"):
        controls.prices({"STACK": "shop"})
    with pytest.raises(CannotOperate, match=r"nowhere\.json cannot be read"):
        controls.prices({"STACK": "shop", "FILE": "nowhere.json"})


def test_the_stop_and_its_end(ssm: Ssm) -> None:
    controls.stop({"STACK": "shop"})
    assert ssm.values == {"/shop/automatic-calls": "stop"}
    controls.go({"STACK": "shop"})
    assert ssm.values == {"/shop/automatic-calls": "go"}


def test_without_a_stack_or_credentials_it_says_so(
    ssm: Ssm, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FILTERMEND_LOCAL", str(tmp_path))
    with pytest.raises(CannotOperate, match="no stack"):
        controls.stop({})

    def refuse(**_: object) -> None:
        raise NoCredentialsError

    monkeypatch.setattr(ssm, "put_parameter", refuse)
    with pytest.raises(CannotOperate, match="the stack shop cannot be told: Unable to locate"):
        controls.stop({"STACK": "shop"})
