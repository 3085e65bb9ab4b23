"""Running an ASGI app on the loopback interface: one line per request, quick to stop."""

import contextlib
import errno
import socket
import sys
import threading
import time
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class PortInUse(Exception):
    """Somebody listens there already; the message is a sentence for the user."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"Port {port} on {host} is in use; choose another with --port.")


class RequestLog:
    """Writes `name: METHOD path status milliseconds` to stderr when a request is done.

    The query is left out: it may carry a key.
    """

    def __init__(self, app: ASGIApp, name: str) -> None:
        self._app = app
        self._name = name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and log its end, however it ends."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = "-"

        async def note_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
            await send(message)

        started = time.monotonic()
        try:
            await self._app(scope, receive, note_status)
        finally:
            took = (time.monotonic() - started) * 1000
            print(
                f"{self._name}: {scope['method']} {scope['path']!a} {status} {took:.0f} ms",
                file=sys.stderr,
                flush=True,
            )


def listen(host: str, port: int) -> socket.socket:
    """Bind; port 0 takes a free one. Raises PortInUse."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(host, port) from error
        raise
    return listener


def _server(app: ASGIApp) -> uvicorn.Server:
    # No grace for requests under way: whoever stops the stack does not wait for a model.
    config = uvicorn.Config(
        app, log_level="critical", access_log=False, timeout_graceful_shutdown=0, ws="none"
    )
    return uvicorn.Server(config)


def serve(app: ASGIApp, name: str, host: str, port: int) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit code, 2 when the port is in use."""
    try:
        listener = listen(host, port)
    except PortInUse as error:
        print(f"{name}: {error}", file=sys.stderr)
        return 2
    bound = listener.getsockname()[1]
    print(f"{name}: listening on http://{host}:{bound}", file=sys.stderr, flush=True)
    _server(RequestLog(app, name)).run(sockets=[listener])
    return 0


@contextlib.contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Serve in a thread on a free port while the block runs; yields the base URL."""
    listener = listen("127.0.0.1", 0)
    server = _server(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        # The socket listens already: a client that is early waits for the server.
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=5)
        listener.close()
