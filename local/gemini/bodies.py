"""Reading a request's body, and giving up when its client has gone."""

import asyncio
from collections.abc import Coroutine

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from local.gemini.errors import GeminiError


async def read[M: BaseModel](request: Request, model: type[M]) -> M:
    """The JSON body. Raises GeminiError 400 with the fields that are wrong."""
    try:
        return model.model_validate_json(await request.body())
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'body'}: {fault['msg']}"
            for fault in error.errors(include_url=False, include_input=False)[:5]
        )
        raise GeminiError(400, f"Invalid JSON payload received. {faults}") from error


async def while_connected[T](request: Request, work: Coroutine[None, None, T]) -> T:
    """The result of `work`, which is cancelled when the client hangs up before it is done.

    Raises GeminiError 499 then. The body must have been read.
    """
    task = asyncio.ensure_future(work)
    hung_up = asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait((task, hung_up), return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise GeminiError(499, "The client closed the connection.")
    finally:
        task.cancel()
        hung_up.cancel()


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        continue
