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

from local.gemini.access import Gate
from local.gemini.backend import Backend, BrokenAnswer, Call
from local.gemini.bodies import read, while_connected
from local.gemini.control import CallLog, control_routes
from local.gemini.damage import CutOffResponse
from local.gemini.errors import GeminiError
from local.gemini.protocol import CountTokensRequest, GenerateContentRequest

VERSIONS = ("v1", "v1beta", "v1beta1", "v1alpha")
MODEL_PATHS = (
    "/models/{model}",
    "/publishers/google/models/{model}",
    "/projects/{project}/locations/{location}/publishers/google/models/{model}",
)

CHARACTERS_PER_TOKEN = 4


def create_app(backend: Backend) -> Starlette:
    """The endpoint in front of `backend`: protocol, `GET /health` and `/_control`."""
    calls, gate = CallLog(), Gate()

    async def generate(request: Request) -> Response:
        gate.check(request, "generateContent")
        return await _generate(request, backend, calls)

    async def count_tokens(request: Request) -> Response:
        gate.check(request, "countTokens")
        return await _count_tokens(request)

    async def describe(request: Request) -> Response:
        method = request.path_params["model"].partition(":")[2]
        if method:
            raise GeminiError(404, f"This endpoint has no method {method!r}.")
        gate.check(request, "generateContent")
        return await _describe_model(request)

    async def health(_: Request) -> Response:
        state, detail = backend.state()
        code = 200 if state == "ready" else 503
        return JSONResponse(
            {"status": state, "backend": backend.name, "detail": detail}, status_code=code
        )

    routes = [Route("/health", health), *control_routes(backend, calls, gate)]
    for version in VERSIONS:
        for path in MODEL_PATHS:
            routes.append(Route(f"/{version}{path}:generateContent", generate, methods=["POST"]))
            routes.append(Route(f"/{version}{path}:countTokens", count_tokens, methods=["POST"]))
            routes.append(Route(f"/{version}{path}", describe))

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await run_in_threadpool(backend.start)
        yield

    handlers = {GeminiError: _gemini_error, HTTPException: _http_error, Exception: _crash}
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers)


async def _generate(request: Request, backend: Backend, calls: CallLog) -> Response:
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


async def _count_tokens(request: Request) -> Response:
    """A quarter of the characters, rounded up, whatever the backend would count."""
    question = await read(request, CountTokensRequest)
    tokens = -(-len(question.prompt) // CHARACTERS_PER_TOKEN)
    details = [{"modality": "TEXT", "tokenCount": tokens}]
    return JSONResponse({"totalTokens": tokens, "promptTokensDetails": details})


async def _describe_model(request: Request) -> Response:
    model = request.path_params["model"]
    description = {
        "name": f"models/{model}",
        "version": "local",
        "displayName": model,
        "inputTokenLimit": 1_048_576,
        "outputTokenLimit": 65_536,
        "supportedGenerationMethods": ["generateContent", "countTokens"],
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
