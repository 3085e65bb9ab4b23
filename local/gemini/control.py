"""The control API under `/_control`: scripts, what was asked, who may ask, warming up.

It is for tests and for starting the stack; it asks for no key and listens on loopback only.
"""

from collections import deque

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.gemini.access import Access, Gate
from local.gemini.backend import Backend, Call
from local.gemini.bodies import read
from local.gemini.protocol import GenerateContentRequest
from local.gemini.script import Scenario, Script
from local.gemini.scripted import ScriptedBackend

CALLS_KEPT = 2000


class CallLog:
    """The last calls, oldest first; a load test must not fill the memory."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=CALLS_KEPT)

    def begin(self, model: str, prompt: str) -> Call:
        """Note a call that has just been asked; its answer is filled in later."""
        call = Call(model=model, prompt_chars=len(prompt), prompt=prompt)
        self._calls.append(call)
        return call

    def clear(self) -> None:
        """Forget them all."""
        self._calls.clear()

    def listing(self, full: bool) -> list[object]:
        """The calls as JSON values, with the prompts when `full`."""
        hidden = set() if full else {"prompt"}
        return [call.model_dump(mode="json", exclude=hidden) for call in self._calls]


def control_routes(backend: Backend, calls: CallLog, gate: Gate) -> list[Route]:
    """What `/_control` offers for this backend."""

    async def list_calls(request: Request) -> Response:
        return JSONResponse({"calls": calls.listing(request.query_params.get("full") == "1")})

    async def clear_calls(_: Request) -> Response:
        calls.clear()
        return Response(status_code=204)

    async def warm(request: Request) -> Response:
        question = await read(request, GenerateContentRequest)
        usage = await backend.warm(question)
        return JSONResponse(usage.model_dump(by_alias=True, exclude_none=True))

    async def allow(request: Request) -> Response:
        gate.access = await read(request, Access)
        return Response(status_code=204)

    routes = [
        Route("/_control/access", allow, methods=["PUT"]),
        Route("/_control/warm", warm, methods=["POST"]),
        Route("/_control/calls", list_calls),
        Route("/_control/calls", clear_calls, methods=["DELETE"]),
    ]
    if isinstance(backend, ScriptedBackend):
        routes += _script_routes(backend)
    return routes


def _script_routes(backend: ScriptedBackend) -> list[Route]:
    async def replace(request: Request) -> Response:
        script = await read(request, Script)
        backend.replace(script)
        return JSONResponse({"scenarios": len(script.scenarios)})

    async def add(request: Request) -> Response:
        return JSONResponse({"scenarios": backend.add(await read(request, Scenario))})

    async def clear(_: Request) -> Response:
        backend.clear()
        return Response(status_code=204)

    return [
        Route("/_control/script", replace, methods=["PUT"]),
        Route("/_control/scenarios", add, methods=["POST"]),
        Route("/_control/scenarios", clear, methods=["DELETE"]),
    ]
