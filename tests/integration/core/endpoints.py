"""The two ends that filtermend talks to in these tests: a scripted Gemini, and plain backends."""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
from starlette.types import ASGIApp, Message, Receive, Scope, Send

GOOD = 'klines, ok := data.Klines["5m"]\nif !ok || len(klines) < 50 {\n\treturn false\n}\nreturn klines[len(klines)-50].Close > 0'
FENCED = f"```go\n{GOOD}\n```"


DROPPED = (0, "")
"""The backend's answer when it closes the connection without one."""


class Line:
    """What lies before an endpoint: it resets connections whose question has arrived."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.resets = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self.resets or not scope["path"].endswith(":generateContent"):
            await self._app(scope, receive, send)
            return
        self.resets -= 1
        await self._app(scope, receive, _lose)
        cycle = receive.__self__  # type: ignore[attr-defined]  # ASGI has no word for a reset
        no_goodbye = struct.pack("ii", 1, 0)
        connection = cycle.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_goodbye)
        cycle.transport.abort()
        cycle.disconnected = True


async def _lose(_: Message) -> None:
    """Send nothing."""


class Gemini:
    """The scripted endpoint and its control API."""

    def __init__(self, url: str, line: Line) -> None:
        self.url = url
        self.line = line
        self._control = httpx.Client(base_url=f"{url}/_control")

    def play(self, *answers: dict[str, Any], match: str = "") -> None:
        """Give these answers, in order, from now on; the last one repeats."""
        self._script({"scenarios": [{"match": match, "answers": list(answers)}]})

    def asked(self) -> list[dict[str, Any]]:
        """Every call since the test began, with its prompt."""
        calls: list[dict[str, Any]] = self._control.get("/calls?full=1").json()["calls"]
        return calls

    def reset(self) -> None:
        self.line.resets = 0
        self._script({})
        self._control.delete("/calls").raise_for_status()

    def close(self) -> None:
        self._control.close()

    def _script(self, script: dict[str, Any]) -> None:
        self._control.put("/script", json=script).raise_for_status()


@dataclass
class Request:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Backend:
    """A Go backend as someone else might run it.

    A path without an answer is asked of the backend behind it (`upstream`), or is not found.
    """

    url: str = ""
    upstream: str = ""
    answers: dict[str, tuple[int, str]] = field(default_factory=dict)
    delay_seconds: float = 0.0
    requests: list[Request] = field(default_factory=list)

    def answer(self, request: Request) -> tuple[int, str]:
        if request.path in self.answers:
            return self.answers[request.path]
        if not self.upstream:
            return 404, "404 page not found\n"
        names = ("accept", "content-type")
        headers = {name: request.headers[name] for name in names if name in request.headers}
        url = self.upstream + request.path
        answer = httpx.request(request.method, url, content=request.body, headers=headers)
        return answer.status_code, answer.text

    def to(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]


@contextmanager
def plain_backend() -> Iterator[Backend]:
    """Serve one in a thread while the block runs."""
    backend = Backend()
    released = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, self.path, headers, body)
            backend.requests.append(request)
            released.wait(backend.delay_seconds)
            status, text = backend.answer(request)
            if (status, text) == DROPPED:
                return
            payload = text.encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_POST  # noqa: N815  the server's own naming

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that gave up is what the test wanted."""

    server = Quiet(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    backend.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield backend
    finally:
        released.set()
        server.shutdown()
        server.server_close()


def eventually(check: Callable[[], Any], seconds: float = 10) -> Any:
    """The first true value of `check`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := check():
            return found
        time.sleep(0.02)
    raise AssertionError(f"still not so after {seconds} s")
