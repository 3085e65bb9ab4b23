"""The forwarder on real sockets: containers pass, everybody else is turned away."""

import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.folder import ROOT

BRIDGE = "127.0.0.2/31"
CONTAINER = "127.0.0.3"


class Echo(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(self.rfile.read().upper())


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """Where the forwarder listens for a service on a Unix socket."""
    with socket.create_server(("127.0.0.2", 0)) as taken:
        free = int(taken.getsockname()[1])
    target = str(tmp_path / "socket")
    server = socketserver.ThreadingUnixStreamServer(target, Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    command = [sys.executable, "-m", "local.sam_local.forward", "--bridge", BRIDGE]
    with subprocess.Popen(
        [*command, f"{free}={target}"], cwd=ROOT, stderr=subprocess.PIPE
    ) as forward:
        assert forward.stderr
        assert b"listening" in forward.stderr.readline()
        yield free
        forward.terminate()
    server.shutdown()
    server.server_close()


def answer(port: int, source: str) -> bytes:
    address = ("127.0.0.2", port)
    with socket.create_connection(address, timeout=10, source_address=(source, 0)) as client:
        try:
            client.sendall(b"hello")
            client.shutdown(socket.SHUT_WR)
            return client.recv(100)
        except OSError:  # turned away
            return b""


def test_a_container_is_passed_on_and_gets_the_answer(port: int) -> None:
    assert answer(port, CONTAINER) == b"HELLO"


@pytest.mark.parametrize("source", ["127.0.0.2", "127.0.0.1", "127.0.0.4"])
def test_this_machine_and_other_networks_are_turned_away(port: int, source: str) -> None:
    assert answer(port, source) == b""
