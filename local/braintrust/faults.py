"""Being slow, broken or gone on request, to see what a client makes of it."""

import asyncio
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

Mode = Literal["ok", "hang", "401", "500", "refuse"]
SPARED_PATHS = ("/_control/", "/traces", "/health")


class Fault(BaseModel):
    """What happens to the SDK's requests: `hang` holds each for `seconds`, then answers it."""

    model_config = ConfigDict(extra="forbid")

    mode: Mode = "ok"
    seconds: float = Field(default=3600, ge=0)


class Faults:
    """Middleware that applies the fault to everything but the control API and the pages."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._fault = Fault()
        self._changed = asyncio.Event()

    def set(self, fault: Fault) -> None:
        """Replace the fault; requests that hang are let go."""
        self._fault = fault
        self._changed.set()
        self._changed = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, later, with an error, or not at all."""
        fault = self._fault
        if fault.mode == "ok" or scope["type"] != "http" or _spared(scope["path"]):
            await self._app(scope, receive, send)
        elif fault.mode == "hang":
            await self._wait(fault.seconds)
            await self._app(scope, receive, send)
        elif fault.mode in ("401", "500"):
            code = int(fault.mode)
            await JSONResponse({"error": "fault"}, status_code=code)(scope, receive, send)
        else:
            _abort(receive)

    async def _wait(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._changed.wait(), timeout=seconds)
        except TimeoutError:
            return


def _spared(path: str) -> bool:
    return path == "/" or path.startswith(SPARED_PATHS)


def _abort(receive: Receive) -> None:
    """Reset the connection. ASGI has no word for it, so this reaches for uvicorn's transport."""
    cycle = getattr(receive, "__self__")  # noqa: B009
    cycle.transport.abort()
    cycle.disconnected = True
