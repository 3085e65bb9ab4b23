"""The webhook: the function URL that pg_net posts to, with the specification's answers."""

import hmac
import json
from dataclasses import asdict
from functools import cache
from http import HTTPStatus

from aws_lambda_powertools.event_handler import LambdaFunctionUrlResolver, Response

from filtermend.admission import Admitted, Admitter
from filtermend.events import decode_text
from filtermend.faults import UndecodableEvent
from filtermend.rules.admission import Refusal, Refused
from filtermend.telemetry import logger

_STATUS = {
    Refusal.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Refusal.OTHER_TRADER: HTTPStatus.NOT_FOUND,
    Refusal.ATTEMPTS_USED: HTTPStatus.TOO_MANY_REQUESTS,
    Refusal.RESOLVED: HTTPStatus.BAD_REQUEST,
    Refusal.NOT_REPAIRABLE: HTTPStatus.BAD_REQUEST,
}


@cache
def webhook(admitter: Admitter, token: str) -> LambdaFunctionUrlResolver:
    """The resolver of `POST /`; an empty token lets nobody in."""
    app = LambdaFunctionUrlResolver()

    @app.post("/")
    def regenerate() -> Response[str]:
        given = app.current_event.headers.get("authorization") or ""
        if not token or not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            return _answer(HTTPStatus.UNAUTHORIZED, {"error": "send the webhook token as Bearer"})
        try:
            refs = decode_text(app.current_event.decoded_body or "")
        except (UndecodableEvent, UnicodeDecodeError) as fault:
            logger.warning("webhook call rejected", extra={"reason": str(fault)})
            return _answer(HTTPStatus.BAD_REQUEST, {"error": str(fault)})
        results = admitter.admit_all(refs)
        if len(results) == 1:
            return _single(next(iter(results.values())))
        return _answer(HTTPStatus.ACCEPTED, {key: asdict(value) for key, value in results.items()})

    return app


def _single(result: Admitted | Refused) -> Response[str]:
    if isinstance(result, Admitted):
        return _answer(HTTPStatus.ACCEPTED, asdict(result))
    status = _STATUS.get(result.refusal, HTTPStatus.ACCEPTED)
    field = "status" if status is HTTPStatus.ACCEPTED else "error"
    return _answer(status, {field: result.refusal.value, "reason": result.reason})


def _answer(status: HTTPStatus, body: dict[str, object]) -> Response[str]:
    return Response(status, "application/json", json.dumps(body))
