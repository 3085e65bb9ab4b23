"""How AWS is called: bounded waits and few retries, for whatever asks for a client.

By default a call may hang for a minute and is then made again: longer than a function lives.
"""

from functools import cache
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

CONFIG = Config(
    connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 4}
)


def bound_calls() -> None:
    """Give the process's clients their limits, those that Powertools makes included."""
    session = botocore.session.get_session()
    session.set_default_client_config(CONFIG)
    boto3.setup_default_session(botocore_session=session)


@cache
def client(service: Any) -> Any:
    """The process's client of a service."""
    return boto3.client(service)


bound_calls()
