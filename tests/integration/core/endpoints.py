"""The two ends that filtermend talks to in these tests: a scripted Gemini, and plain backends."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

GOOD = 'klines, ok := data.Klines["5m"]\nif !ok || len(klines) < 50 {\n\treturn false\n}\nreturn klines[len(klines)-50].Close > 0'
FENCED = f"```go\n{GOOD}\n```"


class Gemini:
    """The scripted endpoint and its control API."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._control = httpx.Client(base_url=f"{url}/_control")

    def play(self, *answers: dict[str, Any], match: str = "") -> None:
        """Give these answers, in order, from now on; the last one repeats."""
        self._script({"scenarios": [{"match": match, "answers": list(answers)}]})

    def asked(self) -> list[dict[str, Any]]:
        """Every call since the test began, with its prompt."""
        calls: list[dict[str, Any]] = self._control.get("/calls?full=1").json()["calls"]
        return calls

    def reset(self) -> None:
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
    """A Go backend as someone else might run it; a path without an answer is not found."""

    url: str = ""
    answers: dict[str, tuple[int, str]] = field(default_factory=dict)
    delay_seconds: float = 0.0
    requests: list[Request] = field(default_factory=list)

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
            backend.requests.append(Request(self.command, self.path, headers, body))
            released.wait(backend.delay_seconds)
            status, text = backend.answers.get(self.path, (404, "404 page not found\n"))
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
