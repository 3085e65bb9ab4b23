"""AWS as far as the functions use it: the secret, parameters, executions, alerts; over real HTTP."""

import json
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.gemini.serving import serving

Body = dict[str, Any]
PUBLISHED = (
    "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>"
)


class Refusal(Exception):
    """An answer of 400 with this code, as the SDK knows it."""


class Aws:
    """What is stored, and what was started and published."""

    def __init__(self) -> None:
        self.url = ""
        self.reset()

    def reset(self) -> None:
        self.secret: dict[str, str] = {}
        self.parameters: dict[str, str] = {}
        self.executions: dict[str, str] = {}
        self.inputs: dict[str, Body] = {}
        self.alerts: list[Body] = []
        self._throttled: set[str] = set()

    @contextmanager
    def throttling(self, operation: str) -> Generator[None]:
        """Every call of the operation is refused while the block runs."""
        self._throttled.add(operation)
        try:
            yield
        finally:
            self._throttled.discard(operation)

    def running(self) -> dict[str, Body]:
        """The executions that are open, and what they were started with."""
        return {n: self.inputs[n] for n, status in self.executions.items() if status == "RUNNING"}

    def answer(self, operation: str, asked: Body) -> Body:
        """Raises Refusal."""
        if operation in self._throttled:
            raise Refusal("ThrottlingException")
        operations: dict[str, Callable[[Body], Body]] = {
            "GetSecretValue": lambda _: {"SecretString": json.dumps(self.secret)},
            "GetParameter": lambda asked: {"Parameter": {"Value": self.parameters[asked["Name"]]}},
            "StartExecution": self._start,
            "DescribeExecution": self._describe,
            "PutEvents": lambda asked: {"FailedEntryCount": 0, "Entries": asked["Entries"]},
        }
        return operations[operation](asked)

    def _start(self, asked: Body) -> Body:
        name = asked["name"]
        if self.executions.setdefault(name, "RUNNING") != "RUNNING":
            raise Refusal("ExecutionAlreadyExists")
        self.inputs.setdefault(name, json.loads(asked["input"]))
        return {"executionArn": f"{asked['stateMachineArn']}:{name}", "startDate": 0}

    def _describe(self, asked: Body) -> Body:
        name = asked["executionArn"].rpartition(":")[2]
        if name not in self.executions:
            raise Refusal("ExecutionDoesNotExist")
        return {"executionArn": asked["executionArn"], "status": self.executions[name]}


@contextmanager
def aws_endpoint(aws: Aws | None = None) -> Iterator[Aws]:
    """Serve one in a thread while the block runs."""
    aws = aws or Aws()

    async def call(request: Request) -> Response:
        body = await request.body()
        if "x-amz-target" not in request.headers:  # SNS alone speaks in forms and XML
            aws.alerts.append(json.loads(parse_qs(body.decode())["Message"][0]))
            return Response(PUBLISHED, media_type="text/xml")
        operation = request.headers["x-amz-target"].rpartition(".")[2]
        try:
            return JSONResponse(aws.answer(operation, json.loads(body)))
        except Refusal as refusal:
            return JSONResponse({"__type": str(refusal), "message": "refused"}, 400)

    with serving(Starlette(routes=[Route("/", call, methods=["POST"])])) as aws.url:
        yield aws
