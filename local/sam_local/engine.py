"""The container engine: one that runs, else Debian's dockerd, started here by hand.

The one that is started here has its own data and socket, and a bridge of its own. It changes
neither the firewall nor the forwarding of this machine: a container reaches the bridge's address
and nothing else, and nobody reaches a container from outside.
"""

import ipaddress
import json
import os
import shutil
import socket
import subprocess
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from tempfile import mkdtemp

import psutil

from local.folder import Folder
from local.services import StackError, State, start, stop, wait_until

PACKAGES = ["docker.io", "iproute2", "busybox-static"]
READY_SECONDS = 60
INSTALL_SECONDS = 600
_ADVICE = "start Docker, or name a running engine with DOCKER_HOST"


class NoEngineError(StackError):
    """No container engine runs here and none can be started; the message says what to do."""


@dataclass(frozen=True)
class Engine:
    """A container engine that answers.

    Attributes:
        host: its address, as in DOCKER_HOST.
        bridge: this machine's address on the containers' network with its length, such as
            `172.17.0.1/16`; None where the containers run in a machine of their own (Docker
            Desktop) and reach this one by a name.
    """

    host: str
    bridge: str | None

    def docker(self, *arguments: str, seconds: float = 120) -> str:
        """Run a docker command; returns its output.

        Raises:
            StackError: with the last line of what it said.
        """
        done = _docker(self.host, arguments, seconds)
        if done.returncode != 0:
            said = done.stderr.strip().splitlines() or ["no output"]
            raise StackError(f"docker {arguments[0]} failed: {said[-1]}")
        return done.stdout


def find() -> Engine | None:
    """The engine that DOCKER_HOST names or that the docker command uses, if it answers."""
    if shutil.which("docker") is None:
        return None
    form = "{{.Endpoints.docker.Host}}"
    named = _docker(None, ["context", "inspect", "--format", form], 10).stdout.strip()
    host = os.environ.get("DOCKER_HOST") or named
    return _at(host) if host else None


def start_own(folder: Folder, state: State) -> Engine:
    """Start dockerd in a folder; installs it first where apt-get can.

    Raises:
        NoEngineError: it cannot be installed or started here, and why.
    """
    _install()
    bridge, address = _bridge(folder)
    scratch = mkdtemp(prefix="filtermend-")  # short: the name of a socket may have 107 letters
    state.env |= {"BRIDGE": bridge, "SCRATCH": scratch}
    state.write(folder)
    host = f"unix://{folder.path}/docker.sock"
    dockerd = ["dockerd", f"--data-root={folder.path}/engine", f"--exec-root={scratch}/exec"]
    dockerd += [f"--pidfile={scratch}/pid", f"--host={host}", f"--bridge={bridge}"]
    dockerd += [f"--{name}=false" for name in ("iptables", "ip6tables", "ip-forward", "ip-masq")]
    try:
        _remove(bridge)  # of a folder that was deleted under it
        _ip("link", "add", "name", bridge, "type", "bridge")
        _ip("address", "add", address, "dev", bridge)
        _ip("link", "set", bridge, "up")
        service = start(folder, state, "dockerd", dockerd, {})
        wait_until(folder, service, lambda: _at(host) is not None, READY_SECONDS)
    except StackError as error:
        stop_own(state)
        raise NoEngineError(
            f"no container engine can be started here: {error}; {_ADVICE}"
        ) from None
    return Engine(host, address)


def stop_own(state: State) -> None:
    """Remove the containers of an engine that was started here, end it, and its bridge."""
    host = state.env.get("DOCKER_HOST")
    if host and _at(host):
        containers = _docker(host, ["ps", "--all", "--quiet"], 30).stdout.split()
        if containers:
            _docker(host, ["rm", "--force", *containers], 60)
    for service in reversed(state.services):
        stop(service)
    if "BRIDGE" in state.env:
        _remove(state.env["BRIDGE"])
    if "SCRATCH" in state.env:
        shutil.rmtree(state.env["SCRATCH"], ignore_errors=True)


def _at(host: str) -> Engine | None:
    """The engine at an address, if it answers."""
    done = _docker(host, ["network", "inspect", "bridge"], 10)
    if done.returncode != 0:
        return None
    (pool,) = [p for p in json.loads(done.stdout)[0]["IPAM"]["Config"] if "." in p["Subnet"]]
    length = ipaddress.ip_network(pool["Subnet"]).prefixlen
    gateway = pool.get("Gateway")
    return Engine(host, f"{gateway}/{length}" if gateway in _own_addresses() else None)


def _docker(
    host: str | None, arguments: Sequence[str], seconds: float
) -> subprocess.CompletedProcess[str]:
    command = ["docker", *(["--host", host] if host else []), *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"no answer in {seconds:.0f} s")


def _install() -> None:
    needed = ["dockerd", "docker", "ip", "busybox"]
    if sys.platform != "linux" or os.geteuid() != 0:
        raise NoEngineError(
            f"no container engine runs, and only root on Linux can start one: {_ADVICE}"
        )
    if all(map(shutil.which, needed)):
        return
    if shutil.which("apt-get") is None:
        raise NoEngineError(f"no container engine runs, and there is no apt-get here: {_ADVICE}")
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", *PACKAGES]):
        done = subprocess.run(
            ["apt-get", "--quiet=2", *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=INSTALL_SECONDS,
            # Without a run level, the package does not start its own service.
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"},
        )
        if done.returncode != 0:
            said = (done.stderr.strip().splitlines() or ["no output"])[-1]
            raise NoEngineError(
                f"no container engine runs, and apt-get cannot install one ({said}): {_ADVICE}"
            )


def _bridge(folder: Folder) -> tuple[str, str]:
    """A name and an address for a folder's bridge that no network of this machine has."""
    number = zlib.crc32(str(folder.path).encode())
    taken = [ipaddress.ip_address(address) for address in _own_addresses()]
    for step in range(256):
        network = ipaddress.ip_network(f"10.213.{(number + step) % 256}.0/24")
        if not any(address in network for address in taken):
            return f"fm{number:08x}", f"{network[1]}/{network.prefixlen}"
    raise NoEngineError(f"every network of 10.213.0.0/16 is taken here: {_ADVICE}")


def _own_addresses() -> list[str]:
    parts = [part for parts in psutil.net_if_addrs().values() for part in parts]
    return [part.address for part in parts if part.family == socket.AF_INET]


def _remove(bridge: str) -> None:
    subprocess.run(["ip", "link", "delete", bridge], capture_output=True, check=False)


def _ip(*arguments: str) -> None:
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise StackError(done.stderr.strip() or "ip failed")
