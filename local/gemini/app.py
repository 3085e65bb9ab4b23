"""The HTTP side of the Gemini-protocol endpoint."""

import contextlib
import time
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.gemini.backend import Backend, BrokenAnswer, Call
from local.gemini.bodies import read, while_connected
from local.gemini.control import CallLog, control_routes
from local.gemini.damage import CutOffResponse
from local.gemini.errors import GeminiError
from local.gemini.protocol import GenerateContentRequest

VERSIONS = ("v1", "v1beta", "v1beta1", "v1alpha")
MODEL_PATHS = (
    "/models/{model}",
    "/publishers/google/models/{model}",
    "/projects/{project}/locations/{location}/publishers/google/models/{model}",
)


def create_app(backend: Backend) -> Starlette:
    """The endpoint in front of `backend`: protocol, `GET /health` and `/_control`."""
    calls = CallLog()

    async def generate(request: Request) -> Response:
        return await _generate(request, backend, calls)

    async def health(_: Request) -> Response:
        state, detail = backend.state()
        code = 200 if state == "ready" else 503
        return JSONResponse(
            {"status": state, "backend": backend.name, "detail": detail}, status_code=code
        )

    routes = [Route("/health", health), *control_routes(backend, calls)]
    for version in VERSIONS:
        for path in MODEL_PATHS:
            routes.append(Route(f"/{version}{path}:generateContent", generate, methods=["POST"]))
            routes.append(Route(f"/{version}{path}", _describe_model))

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await run_in_threadpool(backend.start)
        yield

    handlers = {GeminiError: _gemini_error, HTTPException: _http_error, Exception: _crash}
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers)


async def _generate(request: Request, backend: Backend, calls: CallLog) -> Response:
    _require_credentials(request)
    question = await read(request, GenerateContentRequest)
    call = calls.begin(request.path_params["model"], question.prompt)
    started = time.monotonic()
    response = await _answer(request, question, backend, call)
    call.status = response.status_code
    call.duration_ms = round((time.monotonic() - started) * 1000)
    return response


async def _answer(
    request: Request, question: GenerateContentRequest, backend: Backend, call: Call
) -> Response:
    try:
        completion = await while_connected(request, backend.generate(question, call))
    except GeminiError as error:
        return error.response()
    except BrokenAnswer as broken:
        if broken.kind == "dropped":
            return CutOffResponse()
        return Response('{"candidates": [{"content": ', media_type="application/json")
    return JSONResponse(completion.wire(call.response_id))


def _require_credentials(request: Request) -> None:
    """Any key or bearer token will do, none will not."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    bearer = token.strip() if scheme.lower() == "bearer" else ""
    if request.headers.get("x-goog-api-key") or request.query_params.get("key") or bearer:
        return
    raise GeminiError(
        401, "Request is missing required authentication credential: an API key or a bearer token."
    )


async def _describe_model(request: Request) -> Response:
    _require_credentials(request)
    model = request.path_params["model"]
    if ":" in model:
        raise GeminiError(404, f"This endpoint has no method {model.partition(':')[2]!r}.")
    description = {
        "name": f"models/{model}",
        "version": "local",
        "displayName": model,
        "inputTokenLimit": 1_048_576,
        "outputTokenLimit": 65_536,
        "supportedGenerationMethods": ["generateContent"],
    }
    return JSONResponse(description)


async def _gemini_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, GeminiError)
    return error.response()


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    sentence = f"{request.method} {request.url.path}: {error.detail}"
    return GeminiError(error.status_code, sentence).response()


async def _crash(_: Request, error: Exception) -> Response:
    return GeminiError(500, f"The endpoint failed: {type(error).__name__}").response()
