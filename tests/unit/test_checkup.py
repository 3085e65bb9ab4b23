"""The checkup's rules: time limits, dispatch, and that no finding tells a secret."""

import time
from dataclasses import replace

import pytest

from filtermend.checkup.dispatch import judge_dispatch
from filtermend.checkup.finding import Finding, Verdict, ok
from filtermend.checkup.running import Check, run_checks
from filtermend.checkup.secret import look_at_secret, without_secrets
from filtermend.faults import SettingUnavailable
from filtermend.gemini import address
from filtermend.settings import DispatchSettings, GeminiSettings, Secret, ValidatorSettings
from filtermend.store.schema import Dispatch, Schema
from local.deploy.secret import needed
from local.operate.doctor.page import mend as shown
from local.operate.doctor.stack import Stack

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


RIGHT = {"token_stored": True, "token_is_given": True}
"""The token that pg_net sends is the secret's."""


@pytest.mark.parametrize(
    ("meant", "stored", "verdict", "seen"),
    [
        ("none", {"dispatch": "none"}, "not used", "sends nothing"),
        ("none", {"dispatch": "notify", "target": "errors"}, "ok", "NOTIFY on errors"),
        ("none", {"dispatch": "aws_lambda", "target": ARN}, "broken", "Dispatch=none"),
        ("aws_lambda", {"dispatch": "none"}, "broken", "sends nothing, and this stack has Dispatch=aws_lambda"),
        ("aws_lambda", {"dispatch": "notify", "target": "errors"}, "broken", "by notify to errors, and this stack has"),
        ("aws_lambda", {"dispatch": "pg_net", "target": URL, **RIGHT}, "broken", "Dispatch=aws_lambda"),
        ("aws_lambda", {"dispatch": "aws_lambda", "target": ARN}, "ok", ARN),
        ("aws_lambda", {"dispatch": "aws_lambda", "target": ARN.rpartition(":")[2]}, "ok", "TriggerFunction"),
        ("aws_lambda", {"dispatch": "aws_lambda", "target": f"{ARN}2"}, "broken", "not this stack"),
        ("pg_net", {"dispatch": "pg_net", "target": URL.rstrip("/"), **RIGHT}, "ok", "by pg_net"),
        ("pg_net", {"dispatch": "pg_net", "target": "https://else/", **RIGHT}, "broken", "not this stack"),
        ("pg_net", {"dispatch": "pg_net", "target": URL}, "broken", "there is no token to send"),
        ("pg_net", {"dispatch": "pg_net", "target": URL, "token_stored": True}, "broken", "not the secret's webhook_token"),
    ],
)  # fmt: skip
def test_where_errors_go(meant: str, stored: dict[str, object], verdict: str, seen: str) -> None:
    stack = STACK.model_validate(STACK.model_dump() | {"dispatch": meant})
    found = judge_dispatch(row(**stored), stack, installed=True)
    assert (found.verdict, seen in found.seen) == (verdict, True), found.seen
    assert (verdict == "broken") is found.mend.startswith(
        "write the settings row anew: make migrate ENV=…"
    )


def test_a_missing_extension_is_named() -> None:
    stack = STACK.model_copy(update={"dispatch": "aws_lambda"})
    found = judge_dispatch(row(dispatch="aws_lambda", target=ARN), stack, installed=False)
    assert found.verdict == "broken"
    assert "create extension aws_lambda cascade" in found.mend


def test_the_secret_s_fields_are_those_that_the_stack_needs() -> None:
    given = Secret(database_url="postgresql://db", gemini_api_key="AIza", webhook_token="made")
    bearer = BACKEND.model_copy(update={"go_backend_auth": "bearer"})
    assert look_at_secret(lambda: given, BACKEND).verdict == "ok"
    assert look_at_secret(lambda: given, bearer).seen == "empty: go_backend_token"
    nothing = look_at_secret(Secret, BACKEND)
    assert nothing.seen == "empty: database_url, gemini_api_key, webhook_token"
    assert "make secret ENV=…" in nothing.mend


@pytest.mark.parametrize("auth", ["none", "bearer", "sigv4"])
def test_the_doctor_and_make_secret_want_the_same_fields(auth: str) -> None:
    """Else the one is content with a secret that the other refuses."""
    backend = BACKEND.model_validate(BACKEND.model_dump() | {"go_backend_auth": auth})
    parameters = {"GoBackendUrl": BACKEND.go_backend_url, "GoBackendAuth": auth}
    wanted = ", ".join(needed(parameters))
    assert look_at_secret(Secret, backend).seen == f"empty: {wanted}"


@pytest.mark.parametrize(
    ("mend", "here"),
    [
        ("apply the migrations: make migrate ENV=…", "apply the migrations: make down && make up"),
        ("put it in: make secret ENV=…; or make deploy ENV=…", "put it in: make down && make up"),
        ("make go STACK=<stack>", "make go"),
        ("look at <SecretId>", "look at s-1"),
    ],
)
def test_a_mend_says_what_to_type_for_the_stack_it_is_of(mend: str, here: str) -> None:
    found = Finding(check="x", verdict=Verdict.BROKEN, seen="x", mend=mend)
    local = Stack("shop", True, "", {"SecretId": "s-1"}, {}, [], {}, None)
    deployed = replace(local, local=False)
    assert shown(local, found) == here
    assert shown(deployed, found) == mend.replace("<stack>", "shop").replace("<SecretId>", "s-1")


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
