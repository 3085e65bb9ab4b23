"""Addresses of the stack as a container has them: each gets a port that is forwarded."""

import re
from dataclasses import dataclass, field

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from local.services import free_port

HOST = "host.docker.internal"
"""This machine's name inside a container."""
LOOPBACK = ("127.0.0.1", "localhost")
_LOCAL = re.compile(rf"(?<![\w.-])({'|'.join(map(re.escape, LOOPBACK))}):(\d+)")


@dataclass
class Routes:
    """What is forwarded: a port of ours for each target, a socket's path or `host:port`."""

    ports: dict[str, int] = field(default_factory=dict)

    def text(self, value: str) -> str:
        """A value with every address of this machine replaced."""
        return _LOCAL.sub(lambda found: f"{HOST}:{self._port(found[0])}", value)

    def database(self, dsn: str) -> str:
        """A connection string, whether it names a socket, this machine or another."""
        parts = conninfo_to_dict(dsn)
        host, port = str(parts.get("host") or "localhost"), parts.get("port") or 5432
        if host.startswith("/"):
            target = f"{host}/.s.PGSQL.{port}"
        elif host in LOOPBACK:
            target = f"{host}:{port}"
        else:
            return dsn
        return make_conninfo(dsn, host=HOST, port=self._port(target))

    def _port(self, target: str) -> int:
        if target not in self.ports:
            self.ports[target] = free_port()
        return self.ports[target]


def elsewhere(addresses: dict[str, str]) -> list[str]:
    """The names of those addresses that are not on this machine."""
    return [name for name, url in addresses.items() if url and Routes().text(url) == url]
