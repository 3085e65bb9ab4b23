"""An answer whose connection closes before it is complete."""

from starlette.responses import Response
from starlette.types import Receive, Scope, Send


class CutOffResponse(Response):
    """Announces more bytes than it sends; the server then closes the connection."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the head and the beginning of a body, and leave it at that."""
        headers = [(b"content-type", b"application/json"), (b"content-length", b"4096")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"candidates": [', "more_body": True})
