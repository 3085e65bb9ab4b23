"""`python -m local.sam_local.forward`: lets containers reach what listens on this machine alone.

It listens on the address that the containers have this machine under and passes each connection
on. Who does not come from the containers' network is turned away, so that nothing becomes
reachable from outside, nor for other users of this machine. Where the containers run in a
machine of their own (Docker Desktop), connections come from 127.0.0.1, and so it listens there.
"""

import argparse
import asyncio
import contextlib
import ipaddress
import sys

CHUNK = 65_536


async def serve(bridge: str | None, routes: dict[int, str]) -> None:
    """Forward until stopped.

    Args:
        bridge: this machine's address on the containers' network, such as `172.17.0.1/16`.
        routes: a target for each port: the path of a socket, or `host:port`.
    """
    here = ipaddress.ip_interface(bridge) if bridge else None
    host = str(here.ip) if here else "127.0.0.1"
    for port, target in routes.items():
        await asyncio.start_server(_Route(here, target).pass_on, host, port)
    print("forward: listening", file=sys.stderr, flush=True)
    await asyncio.Event().wait()


class _Route:
    """Connections to one port, and where they go."""

    def __init__(
        self, here: ipaddress.IPv4Interface | ipaddress.IPv6Interface | None, target: str
    ) -> None:
        self._here = here
        self._target = target

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass both directions on until both have ended."""
        if not allowed(self._here, writer.get_extra_info("peername")[0]):
            writer.close()
            return
        try:
            there, back = await self._connect()
        except OSError as error:
            print(f"forward: {self._target}: {error}", file=sys.stderr, flush=True)
            writer.close()
            return
        await asyncio.gather(_pipe(reader, back), _pipe(there, writer))
        for end in (back, writer):
            end.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._target.startswith("/"):
            return await asyncio.open_unix_connection(self._target)
        host, _, port = self._target.rpartition(":")
        return await asyncio.open_connection(host, int(port))


def allowed(here: ipaddress.IPv4Interface | ipaddress.IPv6Interface | None, peer: str) -> bool:
    """Whether a peer is a container: of its network, but not this machine itself."""
    address = ipaddress.ip_address(peer)
    return here is None or (address in here.network and address != here.ip)


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while chunk := await reader.read(CHUNK):
            writer.write(chunk)
            await writer.drain()
        writer.write_eof()


def main() -> None:
    """Read the routes from the command line and forward."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bridge")
    parser.add_argument("routes", nargs="+", metavar="PORT=TARGET")
    given = parser.parse_args()
    pairs = (route.split("=", 1) for route in given.routes)
    asyncio.run(serve(given.bridge, {int(port): target for port, target in pairs}))


if __name__ == "__main__":
    main()
