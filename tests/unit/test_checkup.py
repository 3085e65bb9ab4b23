"""The checkup's rules: time limits, dispatch, and that no finding tells a secret."""

import time

import pytest

from filtermend.checkup.database import judge_dispatch
from filtermend.checkup.finding import Finding, Verdict, ok
from filtermend.checkup.running import Check, run_checks
from filtermend.checkup.secret import look_at_secret, without_secrets
from filtermend.faults import SettingUnavailable
from filtermend.gemini import address
from filtermend.settings import DispatchSettings, GeminiSettings, Secret, ValidatorSettings
from filtermend.store.schema import Dispatch, Schema

ARN = "arn:aws:lambda:us-east-1:123456789012:function:shop-TriggerFunction-1"
URL = "https://abc.lambda-url.us-east-1.on.aws/"
STACK = DispatchSettings(trigger_function_arn=ARN, webhook_url=URL)
BACKEND = ValidatorSettings(go_backend_url="http://backend")


def test_a_check_that_hangs_or_fails_hides_no_other() -> None:
    def fails() -> None:
        raise ValueError("hunter2")

    checks = [
        Check("hangs", lambda: time.sleep(60), 0.2),  # type: ignore[arg-type,return-value]
        Check("hangs too", lambda: time.sleep(60), 0.2),  # type: ignore[arg-type,return-value]
        Check("fails", fails),  # type: ignore[arg-type]
        Check("good", lambda: ok("all is well")),
    ]
    began = time.monotonic()
    found = run_checks(checks)
    assert time.monotonic() - began < 2
    assert [(f.check, f.verdict, f.seen) for f in found] == [
        ("hangs", Verdict.UNKNOWN, "no answer within 0.2 s"),
        ("hangs too", Verdict.UNKNOWN, "no answer within 0.2 s"),
        ("fails", Verdict.UNKNOWN, "the check itself failed: ValueError"),
        ("good", Verdict.OK, "all is well"),
    ]


def row(**values: object) -> Dispatch:
    blank = {"target": None, "region": None, "token_stored": False, "token_is_given": False}
    return Dispatch.model_validate(blank | values)


@pytest.mark.parametrize(
    ("stored", "verdict", "seen"),
    [
        ({"dispatch": "none"}, "not used", "sends nothing"),
        ({"dispatch": "notify", "target": "errors"}, "ok", "NOTIFY on errors"),
        ({"dispatch": "aws_lambda", "target": ARN}, "ok", ARN),
        ({"dispatch": "aws_lambda", "target": ARN.rpartition(":")[2]}, "ok", "TriggerFunction"),
        ({"dispatch": "aws_lambda", "target": f"{ARN}2"}, "broken", "not this stack"),
        ({"dispatch": "pg_net", "target": URL.rstrip("/")}, "ok", "by pg_net"),
        ({"dispatch": "pg_net", "target": "https://else/"}, "broken", "not this stack"),
        (
            {"dispatch": "pg_net", "target": URL, "token_stored": True},
            "broken",
            "not the secret's webhook_token",
        ),
        (
            {"dispatch": "pg_net", "target": URL, "token_stored": True, "token_is_given": True},
            "ok",
            "by pg_net",
        ),
    ],
)
def test_where_errors_go(stored: dict[str, object], verdict: str, seen: str) -> None:
    found = judge_dispatch(row(**stored), STACK, installed=True)
    assert (found.verdict, seen in found.seen) == (verdict, True)


def test_a_missing_extension_is_named() -> None:
    found = judge_dispatch(row(dispatch="aws_lambda", target=ARN), STACK, installed=False)
    assert found.verdict == "broken"
    assert "create extension aws_lambda cascade" in found.mend


def test_the_secret_s_fields_are_those_that_the_stack_needs() -> None:
    given = Secret(database_url="postgresql://db", gemini_api_key="AIza")
    bearer = BACKEND.model_copy(update={"go_backend_auth": "bearer"})
    assert look_at_secret(lambda: given, BACKEND).verdict == "ok"
    assert look_at_secret(lambda: given, bearer).seen == "empty: go_backend_token"
    assert look_at_secret(Secret, BACKEND).seen == "empty: database_url, gemini_api_key"


def test_secrets_manager_out_of_reach_is_a_matter_of_the_network() -> None:
    def load() -> Secret:
        raise SettingUnavailable("the secret x cannot be read: ConnectTimeoutError")

    assert "NAT" in look_at_secret(load, BACKEND).mend


def test_no_value_of_the_secret_is_told() -> None:
    secret = Secret(
        database_url="postgresql://me:p%40ssword-1@db/x",
        gemini_api_key="AIzaSecretKey",
        webhook_token="go",
    )
    told = "go: postgresql://me:p%40ssword-1@db/x p%40ssword-1 p@ssword-1 AIzaSecretKey"
    found = without_secrets(
        Finding(check="x", verdict=Verdict.BROKEN, seen=told, mend=told), secret
    )
    assert found.seen == found.mend == "go: *** *** *** ***"


def test_what_is_missing_in_a_database_is_told_by_its_kind() -> None:
    wanted = Schema(columns=["t.a", "t.b"], indexes=["i"], functions={"f()": "1", "g()": "2"})
    there = Schema(columns=["t.a"], indexes=["i"], functions={"f()": "old"})
    missing = ["column t.b", "another function f()", "function g()"]
    assert wanted.missing_in(there) == missing
    assert wanted.missing_in(wanted) == []


@pytest.mark.parametrize(
    ("settings", "host"),
    [
        ({}, "https://generativelanguage.googleapis.com"),
        ({"gemini_api": "firebase", "gemini_project": "p"}, "https://firebasevertexai.googleapis.com"),
        ({"gemini_api": "vertex", "gemini_project": "p"}, "https://us-central1-aiplatform.googleapis.com"),
        (
            {"gemini_api": "vertex", "gemini_project": "p", "gemini_location": "global"},
            "https://aiplatform.googleapis.com",
        ),
        ({"gemini_base_url": "http://here"}, "http://here"),
    ],
)  # fmt: skip
def test_where_gemini_is(settings: dict[str, str], host: str) -> None:
    assert address(GeminiSettings.model_validate(settings)) == host
