"""The verdict on a candidate: valid, invalid, fails when run, or none at all."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from integration.core.endpoints import GOOD, Backend, Request
from integration.core.rows import Rows
from psycopg.types.json import Jsonb

from filtermend.database import Database
from filtermend.faults import ValidatorUnavailable
from filtermend.models import Outcome, Status, Step
from filtermend.tracing import Tracer
from filtermend.validation import Validation
from filtermend.validator import Validator

Validate = Callable[..., Validation]
FRAGILE = """count := 0
for _, k := range data.Klines["5m"] {
	if k.Close == 7 {
		count++
	}
}
return 100/count > 0"""
"""Fails where no candle closes at 7: what counts then is not certain, so nothing mends it."""
CANDLE = {"openTime": 0, "closeTime": 1, "close": 7.0}
MEND, VALIDATE, REPLAY = "/api/mend-filter", "/api/validate-filter", "/api/test-filter"


@pytest.fixture
def validation(
    connect: Callable[[], Database], validator_of: Callable[..., Validator], off: Tracer
) -> Validate:
    """A validate function's process in front of the backend at this URL."""

    def new(url: str, token: str = "", **settings: Any) -> Validation:
        return Validation(connect(), validator_of(url, token, **settings), off)

    return new


def verdict(rows: Rows, step: Step) -> dict[str, Any]:
    [call] = rows.calls(step.error_id)
    names = ("valid", "normalized_code", "replayed", "diagnostics")
    return {name: call[name] for name in names}


UNTOUCHED = {"valid": None, "normalized_code": None, "replayed": None, "diagnostics": None}


def test_a_good_candidate_is_valid_and_runs_on_the_sample_set(
    rows: Rows, validation: Validate, screener: str
) -> None:
    step = rows.candidate(rows.running(), GOOD.replace("\t", "   "))
    done = validation(screener).run(step)
    assert done == step.model_copy(update={"outcome": Outcome.VALIDATED})
    assert verdict(rows, step) == {
        "valid": True,
        "normalized_code": GOOD,
        "replayed": True,
        "diagnostics": [],
    }


def test_a_whole_function_is_kept_as_its_body(
    rows: Rows, validation: Validate, screener: str
) -> None:
    whole = "func evaluate(data *types.MarketData) bool {\n\treturn data.Ticker != nil\n}"
    step = rows.candidate(rows.running(), whole)
    validation(screener).run(step)
    assert verdict(rows, step)["normalized_code"] == "return data.Ticker != nil"


def test_a_candidate_that_does_not_compile_gets_line_and_hint(
    rows: Rows, validation: Validate, screener: str
) -> None:
    code = 'klines := data.Klines["5m"]\nreturn indicators.CalculateRSII(klines, 14) > 70'
    step = rows.candidate(rows.running(), code)
    assert validation(screener).run(step).outcome is Outcome.VALIDATED
    found = verdict(rows, step)
    assert (found["valid"], found["replayed"]) == (False, None)
    first = found["diagnostics"][0]
    assert (first["line"], first["source"]) == (2, "validation")
    assert "CalculateRSII" in first["message"]
    assert "CalculateRSI" in first["hint"]
    assert first["source_line"] == code.split("\n")[1]


def test_a_candidate_that_panics_when_it_is_run_says_where(
    rows: Rows, validation: Validate, screener: str
) -> None:
    step = rows.candidate(rows.running(), FRAGILE)
    validation(screener).run(step)
    found = verdict(rows, step)
    assert (found["valid"], found["replayed"]) == (True, False)
    [finding] = found["diagnostics"]
    assert "integer divide by zero" in finding["message"]
    assert (finding["line"], finding["source"]) == (7, "replay")
    assert finding["source_line"] == "return 100/count > 0"


def test_a_candidate_runs_on_the_input_that_made_its_filter_fail(
    rows: Rows, validation: Validate, screener: str
) -> None:
    market = {"symbol": "ONEUSDT", "klines": {"5m": [CANDLE | {"close": 8.0}]}}
    code = f'if data.Symbol != "ONEUSDT" {{\n\treturn true\n}}\n{FRAGILE}'
    step = rows.candidate(rows.running(execution_input=Jsonb(market)), code)
    validation(screener).run(step)
    [finding] = verdict(rows, step)["diagnostics"]  # the sample set would not have failed it
    assert "ONEUSDT" in finding["message"]


def test_a_candidate_that_runs_on_that_input_has_to_run_on_others_too(
    rows: Rows, validation: Validate, screener: str
) -> None:
    market = {"symbol": "ONEUSDT", "klines": {"5m": [CANDLE] * 50}}
    step = rows.candidate(rows.running(execution_input=Jsonb(market)), FRAGILE)
    validation(screener).run(step)
    assert verdict(rows, step)["replayed"] is False


def test_a_candidate_that_still_fails_on_that_input_says_with_which(
    rows: Rows, validation: Validate, screener: str
) -> None:
    markets = [
        {"symbol": name, "klines": {"5m": [CANDLE | {"close": close}]}}
        for name, close in (("SEVENUSDT", 7.0), ("EIGHTUSDT", 8.0))
    ]
    step = rows.candidate(rows.running(execution_input=Jsonb(markets)), FRAGILE)
    validation(screener).run(step)
    found = verdict(rows, step)
    assert found["replayed"] is False
    [finding] = found["diagnostics"]
    assert "EIGHTUSDT" in finding["message"]


@pytest.mark.parametrize("junk", ["text", 7, {"klines": "none"}, [], [1], [{}] * 101])
def test_an_unreadable_execution_input_is_no_fault_of_the_validator(
    rows: Rows, validation: Validate, screener: str, junk: object
) -> None:
    step = rows.candidate(rows.running(execution_input=Jsonb(junk)), FRAGILE)
    validation(screener).run(step)
    found = verdict(rows, step)
    assert (found["valid"], found["replayed"]) == (True, False)  # by the sample set


def test_a_panic_that_postgres_cannot_hold_is_recorded_all_the_same(
    rows: Rows, validation: Validate, screener: str
) -> None:
    code = 'text := "zero \\x00 byte"\npanic(text)'
    step = rows.candidate(rows.running(), code)
    validation(screener).run(step)
    assert verdict(rows, step)["replayed"] is False


def test_the_plain_backends_yes_is_valid_and_not_replayed(
    rows: Rows, validation: Validate, backend: Backend
) -> None:
    backend.answers[VALIDATE] = (200, "ok\n")
    step = rows.candidate(rows.running(), GOOD)
    validation(backend.url).run(step)
    assert verdict(rows, step) == {**UNTOUCHED, "valid": True, "diagnostics": []}
    assert [request.path for request in backend.requests] == [MEND, VALIDATE, REPLAY]
    assert backend.requests[1].json == {"code": GOOD}


def test_the_plain_backends_no_is_a_diagnostic(
    rows: Rows, validation: Validate, backend: Backend
) -> None:
    backend.answers[VALIDATE] = (400, "filter.go:3: undefined: x\n")
    step = rows.candidate(rows.running(), GOOD)
    validation(backend.url).run(step)
    found = verdict(rows, step)
    assert (found["valid"], found["replayed"]) == (False, None)
    assert [d["message"] for d in found["diagnostics"]] == ["filter.go:3: undefined: x"]
    assert backend.to(REPLAY) == []


MENDED = {
    "valid": True,
    "results": [],
    "code": GOOD,
    "changes": [],
    "before": {"valid": True, "results": []},
}
GARBAGE = {
    "the intent's verdict is rubbish": {
        MEND: (200, json.dumps(MENDED)),
        VALIDATE: (200, "<html>it works!</html>"),
    },
    "validate is broken": {VALIDATE: (500, "oops")},
    "validate is busy": {VALIDATE: (503, "busy")},
    "validate is not allowed": {VALIDATE: (403, "Forbidden")},
    "validate is missing": {},
    "validate contradicts itself": {VALIDATE: (200, '{"valid": false}')},
    "replay is broken": {VALIDATE: (200, "ok"), REPLAY: (500, "oops")},
    "replay is rubbish": {VALIDATE: (200, "ok"), REPLAY: (200, "<html>")},
}


@pytest.mark.parametrize("answers", GARBAGE.values(), ids=GARBAGE.keys())
def test_a_backend_without_a_verdict_leaves_the_ledger_as_it_is(
    rows: Rows, validation: Validate, backend: Backend, answers: dict[str, tuple[int, str]]
) -> None:
    backend.answers = answers
    step = rows.candidate(rows.running(), GOOD)
    with pytest.raises(ValidatorUnavailable):
        validation(backend.url).run(step)
    assert verdict(rows, step) == UNTOUCHED


def test_a_backend_that_is_too_slow_is_unavailable(
    rows: Rows, validation: Validate, backend: Backend, counted: dict[str, Any]
) -> None:
    backend.delay_seconds = 5
    step = rows.candidate(rows.running(), GOOD)
    with pytest.raises(ValidatorUnavailable, match="ReadTimeout"):
        validation(backend.url, validator_timeout_seconds=0.3).run(step)
    assert verdict(rows, step) == UNTOUCHED
    assert counted["validator_unavailable"]["Value"] == [1]


def test_a_backend_that_is_down_uses_no_attempt(rows: Rows, validation: Validate) -> None:
    step = rows.candidate(rows.running(), GOOD)
    before = rows.row(step.error_id)
    with pytest.raises(ValidatorUnavailable, match="ConnectError"):
        validation("http://127.0.0.1:9").run(step)
    assert rows.row(step.error_id) == before
    assert verdict(rows, step) == UNTOUCHED


def test_a_verdict_that_is_there_already_is_not_asked_for_again(
    rows: Rows, validation: Validate, backend: Backend
) -> None:
    step = rows.candidate(rows.running(), GOOD, valid=False, diagnostics=[{"message": "no"}])
    assert validation(backend.url).run(step).outcome is Outcome.VALIDATED
    assert backend.requests == []
    assert verdict(rows, step)["diagnostics"] == [{"message": "no"}]


def test_a_superseded_run_is_not_validated(
    rows: Rows, validation: Validate, backend: Backend
) -> None:
    step = rows.candidate(rows.running(), GOOD)
    rows.set(step.error_id, regeneration_run=2)
    done = validation(backend.url).run(step)
    assert (done.outcome, done.status) == (Outcome.ENDED, Status.RUNNING)
    assert backend.requests == []


def test_the_bearer_token_arrives_with_every_request(
    rows: Rows, validation: Validate, backend: Backend
) -> None:
    backend.answers[VALIDATE] = (200, "ok")
    step = rows.candidate(rows.running(), GOOD)
    validation(backend.url, "s3cret", go_backend_auth="bearer").run(step)
    assert [r.headers["authorization"] for r in backend.requests] == ["Bearer s3cret"] * 3


def signature_of(request: Request, credentials: Credentials, region: str) -> str:
    """What AWS computes from a request as it arrived."""
    names = ("host", "content-type", "x-amz-date", "x-amz-security-token")
    headers = {name: request.headers[name] for name in names if name in request.headers}
    url = f"http://{request.headers['host']}{request.path}"
    arrived = AWSRequest(request.method, url, data=request.body, headers=headers)
    arrived.context["timestamp"] = request.headers["x-amz-date"]
    signer = SigV4Auth(credentials, "lambda", region)
    canonical = signer.canonical_request(arrived)
    return str(signer.signature(signer.string_to_sign(arrived, canonical), arrived))


def test_a_sigv4_signature_holds_for_the_request_that_arrives(
    rows: Rows, validation: Validate, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example-secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "example-session")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    backend.answers[VALIDATE] = (200, json.dumps({"valid": True}))
    step = rows.candidate(rows.running(), GOOD)
    validation(backend.url, go_backend_auth="sigv4").run(step)
    credentials = Credentials("AKIAEXAMPLE", "example-secret", "example-session")
    assert [request.path for request in backend.requests] == [MEND, VALIDATE, REPLAY]
    for request in backend.requests:
        authorization = request.headers["authorization"]
        assert authorization.startswith("AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/")
        assert "/eu-central-1/lambda/aws4_request" in authorization
        assert authorization.endswith(signature_of(request, credentials, "eu-central-1"))
        assert request.headers["x-amz-security-token"] == "example-session"
