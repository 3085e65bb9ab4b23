"""The proxy: harm to a request over real connections."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chaos.plan import Fault
from chaos.proxy import NO_HARM, FaultProxy, Harm
from chaos.striking import HARMS
from local.gemini.serving import serving


class Upstream:
    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    def app(self) -> Starlette:
        async def note(request: Request) -> Response:
            self.bodies.append(await request.body())
            return Response("good")

        return Starlette(routes=[Route("/", note, methods=["POST"])])


@pytest.fixture
def upstream() -> Upstream:
    return Upstream()


@contextmanager
def proxied(
    upstream: Upstream, harm: Harm, killed: list[int] | None = None
) -> Iterator[FaultProxy]:
    """A proxy that does this harm to what has the word "harm" in it."""
    kill = [] if killed is None else killed
    with serving(upstream.app()) as url:
        port = int(url.rpartition(":")[2])
        with FaultProxy(
            connect=lambda: asyncio.open_connection("127.0.0.1", port),
            strike=lambda piece: harm if b"harm" in piece else NO_HARM,
            kill=kill.append,
        ) as proxy:
            yield proxy


def post(proxy: FaultProxy, body: str) -> httpx.Response:
    return httpx.post(f"http://127.0.0.1:{proxy.port}/", content=body, timeout=5)


def test_what_is_not_struck_passes(upstream: Upstream) -> None:
    with proxied(upstream, HARMS[Fault.SCREENER_RESET]) as proxy:
        assert post(proxy, "good").text == "good"
    assert upstream.bodies == [b"good"]


def test_an_answer_of_its_own_never_reaches_the_upstream(upstream: Upstream) -> None:
    with proxied(upstream, HARMS[Fault.SCREENER_UNAVAILABLE]) as proxy:
        assert post(proxy, "harm").status_code == 503
    assert upstream.bodies == []


def test_rubbish_is_a_200(upstream: Upstream) -> None:
    with proxied(upstream, HARMS[Fault.RUBBISH]) as proxy:
        assert post(proxy, "harm").text == "<html>it works!</html>"


def test_a_lost_reply_was_asked_for(upstream: Upstream) -> None:
    with (
        proxied(upstream, HARMS[Fault.MODEL_RESET]) as proxy,
        pytest.raises(httpx.TransportError),
    ):
        post(proxy, "harm")
    assert upstream.bodies == [b"harm"]


def test_the_asker_is_killed_when_the_answer_is_there(upstream: Upstream) -> None:
    killed: list[int] = []
    with (
        proxied(upstream, HARMS[Fault.ASKER_KILLED], killed) as proxy,
        socket.create_connection(("127.0.0.1", proxy.port)) as client,
    ):
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nharm")
        client.settimeout(5)
        with pytest.raises(ConnectionResetError):
            assert client.recv(100)
        assert killed == [client.getsockname()[1]]
    assert upstream.bodies == [b"harm"]


def test_a_slow_one_is_held(upstream: Upstream) -> None:
    with proxied(upstream, Harm(delay_seconds=0.3)) as proxy:
        started = time.monotonic()
        assert post(proxy, "harm").text == "good"
        assert time.monotonic() - started > 0.3


def test_nobody_is_let_in_for_a_while(upstream: Upstream) -> None:
    with proxied(upstream, NO_HARM) as proxy:
        proxy.lets_in = lambda: False
        with pytest.raises(httpx.TransportError):
            post(proxy, "good")
        proxy.lets_in = lambda: True
        assert post(proxy, "good").text == "good"
