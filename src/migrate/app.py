"""The migration Lambda: applies the SQL files, and says how errors are dispatched.

Invoked by the deploy. Event: ``{"dispatch": {"method", "target", "region", "token"}}``, or ``{}``
to leave the settings row as it is. Answer: ``{"applied": [file name, ...]}``.
"""

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel, ConfigDict

from filtermend.telemetry import logger
from runner import Dispatch, migrate


class Event(BaseModel):
    """What the deploy may ask for beside the files themselves."""

    model_config = ConfigDict(extra="forbid")

    dispatch: Dispatch | None = None


class Answer(BaseModel):
    """The files applied, in order."""

    applied: list[str]


def database_url() -> str:
    """The connection string of a role that owns the tables, from the stack's secret."""
    from filtermend.settings import Secret

    return Secret.load().need("database_url")


@logger.inject_lambda_context
def handler(event: dict[str, object], context: LambdaContext) -> dict[str, object]:
    """Migrate the database. A failure fails the invocation, and so the deploy."""
    asked = Event.model_validate(event)
    applied = migrate(database_url(), dispatch=asked.dispatch, report=logger.info)
    return Answer(applied=applied).model_dump()
