"""The bodies of requests, and the error that refuses one."""

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request

from local.braintrust.rows import Row


class ApiError(Exception):
    """An answer other than 200: the HTTP code and a sentence."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class ProjectBody(BaseModel):
    """`POST /v1/project`."""

    name: str


class LogsBody(BaseModel):
    """`POST /logs3`."""

    rows: list[Row]


class PromptFields(BaseModel):
    """What makes a prompt, beside its project."""

    model_config = ConfigDict(extra="ignore")

    slug: str
    name: str
    prompt_data: dict[str, Any]
    description: str | None = None
    tags: list[str] | None = None
    metadata: dict[str, Any] | None = None


class FunctionBody(PromptFields):
    """A prompt as the SDK publishes it."""

    project_id: str
    if_exists: Literal["error", "ignore", "replace"] | None = None


class FunctionsBody(BaseModel):
    """`POST /insert-functions`. Only prompts are kept here."""

    functions: list[FunctionBody]


class StoredPrompt(PromptFields):
    """`PUT /_control/prompt`: the project by its name."""

    project_name: str


class ExperimentBody(BaseModel):
    """`POST /v1/experiment`; git facts and the like are ignored."""

    project_id: str
    name: str | None = None
    ensure_new: bool = False


async def read[M: BaseModel](request: Request, model: type[M]) -> M:
    """The request's JSON body. Raises ApiError 400 with what is wrong with it."""
    try:
        # Not model_validate_json: it refuses lone surrogates, and one row must not cost the rest.
        return model.model_validate(json.loads(await request.body()))
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
        raise ApiError(400, json.dumps(faults)) from error
    except ValueError as error:
        raise ApiError(400, f"the body is no JSON: {error}") from error
