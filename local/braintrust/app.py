"""The Braintrust-protocol endpoint as one ASGI app."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from local.braintrust.answers import json_response
from local.braintrust.bodies import ApiError, StoredPrompt, read
from local.braintrust.faults import Fault, Faults
from local.braintrust.protocol import Protocol
from local.braintrust.store import Store
from local.braintrust.viewing import viewing_routes


def create_app(store: Store) -> ASGIApp:
    """Protocol, pages, `GET /health` and `/_control` on one store."""

    async def health(_: Request) -> Response:
        return json_response({"status": "ready", "traces": store.trace_count()})

    async def put_prompt(request: Request) -> Response:
        prompt = await read(request, StoredPrompt)
        project_id = store.project(prompt.project_name)
        return json_response(
            store.save_prompt(project_id, prompt.model_dump(exclude={"project_name"}))
        )

    async def put_fault(request: Request) -> Response:
        fault = await read(request, Fault)
        faults.set(fault)
        return json_response(fault.model_dump())

    control = [
        Route("/health", health),
        Route("/_control/prompt", put_prompt, methods=["PUT"]),
        Route("/_control/fault", put_fault, methods=["PUT"]),
    ]
    routes = [*Protocol(store).routes(), *viewing_routes(store), *control]
    faults = Faults(Starlette(routes=routes, exception_handlers={ApiError: _api_error}))
    return faults


async def _api_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return json_response({"error": error.message}, error.code)
