"""The stack that is operated: STACK by the caller's own credentials, else the local one."""

from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config

from filtermend.aws import config as short_waits
from local import aws
from local.folder import Folder
from local.operate import CannotOperate
from local.services import State


def client(
    given: Mapping[str, str], service: aws.ServiceName, config: Config | None = None
) -> tuple[str, Any]:
    """The stack's name, and its client of a service.

    `config` says how long a deployed stack's is waited for; without it, as by the functions.

    Raises:
        CannotOperate: no stack is named, and none runs here.
        BotoCoreError: the caller has no region, or a profile that is not there.
    """
    if stack := given.get("STACK"):
        return stack, boto3.client(service, config=config or short_waits())
    url = State.read(Folder.chosen()).env.get("AWS_ENDPOINT_URL")
    if not url:
        raise CannotOperate("no stack: name a deployed one (STACK=…), or start the local one")
    return aws.STACK, aws.client(service, url)
