"""The specification's validation endpoint over HTTP: `POST {code}` to 200, 400 or 503."""

from functools import cache
from http import HTTPStatus

from aws_lambda_powertools.event_handler import LambdaFunctionUrlResolver, Response
from pydantic import BaseModel, ValidationError

from filtermend.faults import ValidatorUnavailable
from filtermend.models import describe
from filtermend.validator import Validator

_JSON = "application/json"
_TEXT = "text/plain; charset=utf-8"


class _Request(BaseModel):
    code: str


@cache
def proxy(backend: Validator) -> LambdaFunctionUrlResolver:
    """The resolver of `POST /` and `POST /api/validate-filter`; IAM decides who may call it."""
    app = LambdaFunctionUrlResolver()

    @app.post("/")
    @app.post("/api/validate-filter")
    def validate() -> Response[str]:
        event = app.current_event
        try:
            code = _Request.model_validate_json(event.decoded_body or "").code
            verdict = backend.validate(code)
        except (ValidationError, UnicodeDecodeError):
            return Response(HTTPStatus.BAD_REQUEST, _TEXT, 'send a JSON object {"code": "..."}')
        except ValidatorUnavailable:
            return Response(
                HTTPStatus.SERVICE_UNAVAILABLE,
                _TEXT,
                "the Go backend gave no verdict: ask again",
                headers={"Retry-After": "5"},
            )
        status = HTTPStatus.OK if verdict.valid else HTTPStatus.BAD_REQUEST
        if _JSON in (event.headers.get("accept") or ""):
            return Response(status, _JSON, verdict.model_dump_json())
        return Response(status, _TEXT, "\n".join(map(describe, verdict.diagnostics)))

    return app
