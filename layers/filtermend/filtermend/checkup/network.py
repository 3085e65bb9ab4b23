"""Can the functions reach what is outside of AWS?"""

import socket
from collections.abc import Sequence
from urllib.parse import urlsplit

from filtermend.checkup.finding import Seen, broken, ok

CONNECT_SECONDS = 3.0


def look_at_network(addresses: Sequence[str]) -> Seen:
    """Each address takes a connection.

    Args:
        addresses: URLs; only host and port count.
    """
    tried = {f"{host}:{port}": _fault(host, port) for host, port in map(_place, addresses)}
    if away := {place: fault for place, fault in tried.items() if fault}:
        told = ", ".join(f"{place} ({fault})" for place, fault in away.items())
        return broken(
            f"cannot be reached: {told}",
            "in a VPC, functions get out by a NAT alone: look at the routes of SubnetIds, at "
            "SecurityGroupIds (outbound 443), at name resolution, and at the address itself",
        )
    return ok(f"{', '.join(tried)} can be reached")


def _place(address: str) -> tuple[str, int]:
    parts = urlsplit(address)
    return parts.hostname or "", parts.port or (80 if parts.scheme == "http" else 443)


def _fault(host: str, port: int) -> str:
    """Why no connection comes about; "" when one does."""
    try:
        socket.create_connection((host, port), timeout=CONNECT_SECONDS).close()
    except socket.gaierror:
        return "its name is not known"
    except TimeoutError:
        return f"no answer within {CONNECT_SECONDS:g} s"
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""
