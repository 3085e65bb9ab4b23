"""The validation endpoint of the specification, over a function URL."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from integration.core.endpoints import GOOD, Backend
from integration.core.invocations import Context, url_event

from filtermend.validator import validator as cached_validator

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")
Proxy = Callable[..., dict[str, Any]]
BROKEN = "return undefinedThing"


@pytest.fixture
def proxy(app: Callable[..., Any]) -> Any:
    """POST this body to the validate function in front of the backend at this URL."""
    loaded: list[Any] = []

    def send(url: str, body: str | None, path: str = "/", **event: Any) -> dict[str, Any]:
        validate = app("validate", {"GO_BACKEND_URL": url, "VALIDATOR_TIMEOUT_SECONDS": "5"})
        loaded.append(validate)
        answer: dict[str, Any] = validate.handler(url_event(body, path, **event), Context())
        return answer

    yield send
    for validate in loaded:
        validate.backend(validate.Secret.load())._http.close()
    cached_validator.cache_clear()


def sent(code: str) -> str:
    return json.dumps({"code": code})


@pytest.mark.parametrize("path", ["/", "/api/validate-filter"])
def test_valid_code_is_200(proxy: Proxy, screener: str, path: str) -> None:
    answer = proxy(screener, sent(GOOD), path)
    assert answer["statusCode"] == 200
    assert answer["headers"]["Content-Type"].startswith("text/plain")


def test_invalid_code_is_400_with_the_reason_as_text(proxy: Proxy, screener: str) -> None:
    answer = proxy(screener, sent(BROKEN))
    assert answer["statusCode"] == 400
    assert answer["headers"]["Content-Type"].startswith("text/plain")
    assert "line 1" in answer["body"]
    assert "undefinedThing" in answer["body"]


@pytest.mark.parametrize(("code", "status"), [(GOOD, 200), (BROKEN, 400)])
def test_who_accepts_json_gets_the_verdict(
    proxy: Proxy, screener: str, code: str, status: int
) -> None:
    answer = proxy(screener, sent(code), accept="application/json")
    assert answer["statusCode"] == status
    assert answer["headers"]["Content-Type"] == "application/json"
    verdict = json.loads(answer["body"])
    assert verdict["valid"] is (status == 200)
    assert [d["line"] for d in verdict["diagnostics"]] == ([] if status == 200 else [1])


def test_a_body_in_base64_is_understood(proxy: Proxy, screener: str) -> None:
    body = base64.b64encode(sent(GOOD).encode()).decode()
    assert proxy(screener, body, base64=True)["statusCode"] == 200


def test_a_body_that_is_no_text_is_400(proxy: Proxy, backend: Backend) -> None:
    body = base64.b64encode(b"\xff\xfe\x00").decode()
    assert proxy(backend.url, body, base64=True)["statusCode"] == 400


@pytest.mark.parametrize("body", [None, "", "{", "[]", "{}", '{"code": 7}'])
def test_a_malformed_body_is_400_and_never_reaches_the_backend(
    proxy: Proxy, backend: Backend, body: str | None
) -> None:
    answer = proxy(backend.url, body)
    assert answer["statusCode"] == 400
    assert '{"code": "..."}' in answer["body"]
    assert backend.requests == []


def test_a_backend_without_a_verdict_is_503_and_asked_again_later(
    proxy: Proxy, backend: Backend
) -> None:
    backend.answers["/api/validate-filter"] = (500, "oops")
    answer = proxy(backend.url, sent(GOOD))
    assert answer["statusCode"] == 503
    assert answer["headers"]["Retry-After"] == "5"
    assert "oops" not in answer["body"]


def test_a_backend_that_is_down_is_503(proxy: Proxy) -> None:
    assert proxy("http://127.0.0.1:9", sent(GOOD))["statusCode"] == 503


def test_the_plain_backends_words_are_passed_on(proxy: Proxy, backend: Backend) -> None:
    backend.answers["/api/validate-filter"] = (400, "filter.go:3: undefined: x\n")
    answer = proxy(backend.url, sent(BROKEN))
    assert answer["statusCode"] == 400
    assert "filter.go:3: undefined: x" in answer["body"]
