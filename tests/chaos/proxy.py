"""A TCP proxy on 127.0.0.1 that can do harm to what passes through it.

It knows neither HTTP nor Postgres: each piece that a client sends is shown to a function, which
says what becomes of it and of its reply. One piece is one request in both protocols, as long as
it is smaller than `PIECE_BYTES`.
"""

import asyncio
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from types import TracebackType
from typing import Self

PIECE_BYTES = 2**18

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Connect = Callable[[], Awaitable[Streams]]


@dataclass(frozen=True)
class Harm:
    """What becomes of a request; nothing, by default.

    Attributes:
        delay_seconds: it is held so long.
        answer: sent back instead of the upstream's, which never sees the request.
        loses_reply: the upstream gets it, and its reply never arrives.
        kills: of a lost reply: the process that waits for it is killed when it comes.
    """

    delay_seconds: float = 0
    answer: bytes | None = None
    loses_reply: bool = False
    kills: bool = False


NO_HARM = Harm()


@dataclass
class FaultProxy:
    """Runs in a thread of its own while the block lasts.

    Attributes:
        connect: opens a connection to the upstream.
        strike: is shown each piece that a client sends; may block.
        kill: ends the process that has this local port; may block.
        lets_in: False while nobody new may connect.
    """

    connect: Connect
    strike: Callable[[bytes], Harm]
    kill: Callable[[int], None]
    lets_in: Callable[[], bool] = lambda: True
    port: int = 0

    def __enter__(self) -> Self:
        """Listen on a free port."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=512))
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Cut every connection."""
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)

    def _run[T](self, work: Coroutine[None, None, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    async def _stop(self) -> None:
        self._server.close()
        mine = asyncio.current_task()
        for task in asyncio.all_tasks():
            if task is not mine:
                task.cancel()

    async def _serve(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        if not self.lets_in():
            _reset(to_client)
            return
        try:
            upstream, to_upstream = await self.connect()
        except OSError:
            _reset(to_client)
            return
        passage = _Passage(self, client, to_client, upstream, to_upstream)
        await passage.run()


class _Passage:
    """One client's connection, both directions."""

    def __init__(
        self,
        proxy: FaultProxy,
        client: asyncio.StreamReader,
        to_client: asyncio.StreamWriter,
        upstream: asyncio.StreamReader,
        to_upstream: asyncio.StreamWriter,
    ) -> None:
        self._proxy = proxy
        self._client, self._to_client = client, to_client
        self._upstream, self._to_upstream = upstream, to_upstream
        self._harm = NO_HARM

    async def run(self) -> None:
        ways = [asyncio.create_task(self._ask()), asyncio.create_task(self._reply())]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        self._to_upstream.transport.abort()
        self._to_client.close()

    async def _ask(self) -> None:
        while piece := await self._client.read(PIECE_BYTES):
            harm = await asyncio.to_thread(self._proxy.strike, piece)
            await asyncio.sleep(harm.delay_seconds)
            if harm.answer is not None:
                self._to_client.write(harm.answer)
                await self._to_client.drain()
                return
            if harm.loses_reply:
                self._harm = harm
            self._to_upstream.write(piece)
            await self._to_upstream.drain()

    async def _reply(self) -> None:
        while piece := await self._upstream.read(PIECE_BYTES):
            if self._harm.kills:
                port = self._to_client.get_extra_info("peername")[1]
                await asyncio.to_thread(self._proxy.kill, port)
            if self._harm.loses_reply:
                _reset(self._to_client)
                return
            self._to_client.write(piece)
            await self._to_client.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with a TCP reset: without lingering, nothing is sent before it."""
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
