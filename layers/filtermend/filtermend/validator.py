"""The adapter to the Go backend: is this code valid, and does it run?

Three results that are never mixed up: valid, invalid with diagnostics, and no verdict
(`ValidatorUnavailable`). It works with the plain backend of the specification, which answers
with a status and text and cannot replay, and with filtermend's own screener.
"""

from collections.abc import Generator
from functools import cache
from http import HTTPStatus

import httpx
from pydantic import Field, JsonValue, ValidationError

from filtermend.faults import ValidatorUnavailable
from filtermend.models import Change, Diagnostic, Value
from filtermend.rules.missing_data import MissingData
from filtermend.settings import ValidatorSettings
from filtermend.telemetry import logger

CONNECT_TIMEOUT_SECONDS = 3
REPLAY_TIMEOUT_SECONDS = 30
"""The screener itself gives up a replay after 15 s."""
_INVALID = {400, 413, 422}
_NO_SUCH_ENDPOINT = {404, 405, 501}


MarketData = JsonValue
"""The MarketData that a filter is run on: an object, a list of them, or None."""


class Verdict(Value):
    """Whether the code compiles; `normalized_code` is the body alone, where the backend says.

    `intent` is what the code has lost of the one that it replaces.
    """

    valid: bool
    normalized_code: str | None = None
    diagnostics: list[Diagnostic] = Field(default_factory=list)
    intent: list[Diagnostic] = Field(default_factory=list)


class ReplayResult(Value):
    """How the candidate ran on one input; `error` is empty when it returned an answer.

    `hint` is how it does not match where it failed, `without` how it does without the data.
    """

    symbol: str = ""
    matched: bool | None = None
    error: str = ""
    native_error: str = ""
    line: int = 0
    hint: str = ""
    without: str = ""
    duration_ms: float = 0


class Report(Value):
    """A verdict, and how the code ran; `results` is None where it could not be run."""

    valid: bool
    diagnostics: list[Diagnostic] = Field(default_factory=list)
    results: list[ReplayResult] | None = None


class Mended(Report):
    """A code after the changes that are certain, and the report on the code before them."""

    code: str
    changes: list[Change]
    before: Report


class _Replay(Value):
    results: list[ReplayResult]


class Validator:
    """A client of the Go backend with a kept connection.

    Args:
        settings: its address, authentication and timeout.
        token: the bearer token, where the authentication is `bearer`.
    """

    def __init__(self, settings: ValidatorSettings, token: str = "") -> None:
        self._http = httpx.Client(
            base_url=settings.go_backend_url.rstrip("/"),
            timeout=httpx.Timeout(
                settings.validator_timeout_seconds, connect=CONNECT_TIMEOUT_SECONDS
            ),
            auth=_authentication(settings, token),
            headers={"Accept": "application/json"},
        )

    def validate(self, code: str, *, replaces: str | None = None) -> Verdict:
        """Ask whether the code compiles; nothing is executed.

        Args:
            code: the filter.
            replaces: the filter whose intent it must keep, where there is one; a plain backend
                knows nothing of that, and is not asked.

        Raises:
            ValidatorUnavailable: the backend gave no verdict.
        """
        payload: dict[str, JsonValue] = {"code": code}
        if replaces is not None:
            payload["replaces"] = replaces
        response = self._request("POST", "/api/validate-filter", payload)
        if response.status_code != HTTPStatus.OK and response.status_code not in _INVALID:
            raise ValidatorUnavailable(f"validate-filter answered {response.status_code}")
        valid = response.status_code == HTTPStatus.OK
        try:
            verdict = Verdict.model_validate_json(response.content)
        except ValidationError:
            if replaces is not None:
                raise ValidatorUnavailable(
                    "validate-filter answered something unreadable"
                ) from None
            return _plain_verdict(valid, response.text)
        if verdict.valid is not valid:
            raise ValidatorUnavailable(
                f"validate-filter contradicts its status {response.status_code}"
            )
        return verdict

    def replay(self, code: str, market_data: MarketData) -> list[ReplayResult] | None:
        """Run the code on MarketData, or on the screener's sample set.

        Returns:
            A result per input, or None when the backend cannot replay.

        Raises:
            ValidatorUnavailable: the backend gave no answer.
        """
        response = self._run("/api/test-filter", {"code": code}, market_data)
        return None if response is None else _read(_Replay, response).results

    def mend(
        self,
        code: str,
        market_data: MarketData,
        missing: MissingData,
        *,
        error: str = "",
        strategy: str = "",
        timeout_seconds: float = REPLAY_TIMEOUT_SECONDS,
    ) -> Mended | None:
        """Validate and run the code, and make the changes that are certain to mend it.

        Args:
            code: the filter.
            market_data: what to run it on.
            missing: what the strategy says about missing data; a filter answers false then,
                unless that may be against it.
            error: how it failed when it was run elsewhere, for changes against just that.
            strategy: the trader's words, where they settle what a name or a number means.
            timeout_seconds: when to give up.

        Returns:
            The code before and after, or None when the backend cannot do that.

        Raises:
            ValidatorUnavailable: the backend gave no answer.
        """
        asked: dict[str, JsonValue] = {"code": code}
        if error:
            asked["error"] = error
        if strategy:
            asked["strategy"] = strategy
        if missing.is_open or missing.fewer:
            asked["guards"] = False
        if missing.fewer:
            asked["fewer"] = True
        if missing.optional:
            asked["optional"] = list[JsonValue](sorted(missing.optional))
        response = self._run("/api/mend-filter", asked, market_data, timeout_seconds)
        return None if response is None else _read(Mended, response)

    def _run(
        self,
        path: str,
        asked: dict[str, JsonValue],
        market_data: MarketData,
        timeout_seconds: float = REPLAY_TIMEOUT_SECONDS,
    ) -> httpx.Response | None:
        """Have the code run on MarketData; None when the backend has no such endpoint.

        None, and stored data that the backend cannot read, stand for its sample set: whoever
        inserted them must not keep a good candidate from its verdict.
        """
        payload = dict(asked)
        if market_data:
            payload["market_data"] = market_data if isinstance(market_data, list) else [market_data]
        limit = httpx.Timeout(
            timeout_seconds, connect=min(timeout_seconds, CONNECT_TIMEOUT_SECONDS)
        )
        response = self._request("POST", path, payload, limit)
        if response.status_code in _NO_SUCH_ENDPOINT:
            return None
        if response.status_code in _INVALID and "market_data" in payload:
            logger.warning("unreadable execution_input: replaying on the sample set")
            return self._run(path, asked, None, timeout_seconds)
        if response.status_code != HTTPStatus.OK:
            raise ValidatorUnavailable(f"{path} answered {response.status_code}")
        return response

    def contract(self) -> str | None:
        """What a filter may use, as text for the prompt; None when the backend cannot say.

        Raises:
            ValidatorUnavailable: the backend gave no answer.
        """
        response = self._request("GET", "/api/filter-contract", None)
        if response.status_code in _NO_SUCH_ENDPOINT:
            return None
        if response.status_code != HTTPStatus.OK:
            raise ValidatorUnavailable(f"filter-contract answered {response.status_code}")
        return response.text

    def _request(
        self, method: str, path: str, payload: JsonValue, limit: httpx.Timeout | None = None
    ) -> httpx.Response:
        try:
            return self._http.request(
                method, path, json=payload, timeout=limit or self._http.timeout
            )
        except httpx.HTTPError as error:
            raise ValidatorUnavailable(f"{path}: {type(error).__name__}") from error


@cache
def validator(settings: ValidatorSettings, token: str = "") -> Validator:
    """The process's client for these settings."""
    return Validator(settings, token)


def _read[Answer: Value](model: type[Answer], response: httpx.Response) -> Answer:
    try:
        return model.model_validate_json(response.content)
    except ValidationError:
        path = response.request.url.path
        raise ValidatorUnavailable(f"{path} answered something unreadable") from None


def _plain_verdict(valid: bool, text: str) -> Verdict:
    if valid:
        return Verdict(valid=True)
    message = text.strip()[:2_000] or "the code does not compile"
    return Verdict(valid=False, diagnostics=[Diagnostic(message=message)])


def _authentication(settings: ValidatorSettings, token: str) -> httpx.Auth | None:
    if settings.go_backend_auth == "bearer":
        return _Bearer(token)
    if settings.go_backend_auth == "sigv4":
        return _SigV4()
    return None


class _Bearer(httpx.Auth):
    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


class _SigV4(httpx.Auth):
    """Signs for a Lambda function URL with AWS_IAM authentication."""

    requires_request_body = True

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        from botocore.auth import SigV4Auth  # only a screener on Lambda needs it
        from botocore.awsrequest import AWSRequest
        from botocore.session import Session

        session = Session()
        credentials = session.get_credentials()
        if credentials is None:
            raise ValidatorUnavailable("no AWS credentials to sign the call with")
        signed = AWSRequest(
            request.method,
            str(request.url),
            data=request.content,
            headers={"Host": request.url.host, "Content-Type": "application/json"},
        )
        region = session.get_config_variable("region")
        SigV4Auth(credentials, "lambda", region).add_auth(signed)
        request.headers.update(dict(signed.headers.items()))
        yield request
