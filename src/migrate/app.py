"""The migration Lambda: applies the SQL files, and says how errors are dispatched.

Invoked by the deploy. Event: ``{"dispatch": {"method", "target", "region", "token"}}``, or ``{}``
to leave the settings row as it is; the token is the secret's ``webhook_token`` unless it is given.
Answer: ``{"applied": [file name, ...]}``.
"""

from filtermend import start  # the first: see there

# isort: split

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel, ConfigDict, SecretStr

from filtermend.settings import Secret
from filtermend.telemetry import logger
from runner import Dispatch, migrate


class Event(BaseModel):
    """What the deploy may ask for beside the files themselves."""

    model_config = ConfigDict(extra="forbid")

    dispatch: Dispatch | None = None


class Answer(BaseModel):
    """The files applied, in order."""

    applied: list[str]


def with_token(dispatch: Dispatch, token: str) -> Dispatch:
    """The dispatch as it is stored: by pg_net, with the token that the webhook asks for."""
    if dispatch.method != "pg_net" or dispatch.token or not token:
        return dispatch
    return dispatch.model_copy(update={"token": SecretStr(token)})


@logger.inject_lambda_context
def handler(event: dict[str, object], context: LambdaContext) -> dict[str, object]:
    """Migrate the database. A failure fails the invocation, and so the deploy."""
    asked = Event.model_validate(event)
    secret = Secret.load(fresh=True)  # its login owns the tables; it may just have been filled in
    dispatch = asked.dispatch and with_token(asked.dispatch, secret.webhook_token)
    applied = migrate(secret.need("database_url"), dispatch=dispatch, report=logger.info)
    return Answer(applied=applied).model_dump()


start.loaded(*start.AWS)
