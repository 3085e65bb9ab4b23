"""A screener process of its own, asked over HTTP like the live one."""

import json
import os
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from local.folder import ROOT
from local.services import clean_environment, free_port

BINARY = Path(os.environ.get("SCREENER_BINARY", ROOT / ".local" / "tools" / "screener"))
READY_SECONDS = 15
BUSY_TRIES = 40


class NoScreener(Exception):
    """There is no screener to ask; the message says what to do."""


class Screener:
    """The two endpoints that evaluation data needs."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def validate(self, code: str) -> list[dict[str, Any]]:
        """What is wrong with the code; empty when it compiles."""
        answer = self._post("/api/validate-filter", json.dumps({"code": code}))
        return [] if answer["valid"] else answer["diagnostics"]

    def replay(self, code: str, markets: Iterable[str]) -> list[dict[str, Any]]:
        """A result per market, given as JSON, for code that compiles."""
        body = f'{{"code":{json.dumps(code)},"market_data":[{",".join(markets)}]}}'
        answer = self._post("/api/test-filter", body)
        results: list[dict[str, Any]] = answer["results"]
        return results

    def _post(self, path: str, body: str) -> dict[str, Any]:
        for _ in range(BUSY_TRIES):
            response = self._http.post(path, content=body)
            if response.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            time.sleep(0.25)
        answer: dict[str, Any] = response.json()
        if "error" in answer:
            raise NoScreener(f"The screener refused {path}: {answer['error']}")
        return answer


@contextmanager
def running(binary: Path = BINARY) -> Iterator[Screener]:
    """A screener for as long as the block lasts.

    Raises:
        NoScreener: it is not built, or does not answer.
    """
    if not binary.is_file():
        raise NoScreener(f"{binary} is not built: run `make {binary.relative_to(ROOT)}`.")
    port = free_port()
    process = subprocess.Popen(
        [str(binary), "-port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=clean_environment(),
    )
    try:
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=60) as http:
            _wait(http, process)
            yield Screener(http)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait(http: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            http.get("/health").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise NoScreener(f"{process.args!r} does not answer on {http.base_url}.")
