"""Settings from the function's environment and the secret: one small model per concern.

The names are set in template.yaml, but for those whose default is enough. A missing one is
named in a sentence at the first event.
"""

import os
from decimal import Decimal
from typing import Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from filtermend.aws import read_secret
from filtermend.faults import SettingMissing

SECRET_MAX_AGE_SECONDS = 300


class Settings(BaseModel):
    """Fields are environment variables of the same name in capitals; empty means unset."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", protected_namespaces=(), defer_build=True
    )

    @classmethod
    def load(cls) -> Self:
        """Read the environment.

        Raises:
            SettingMissing: naming the variable that is missing or cannot be read.
        """
        values = {name: os.environ.get(name.upper()) or None for name in cls.model_fields}
        given = {name: value for name, value in values.items() if value is not None}
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            problems = "; ".join(f"{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
            raise SettingMissing(f"settings of this function: {problems}") from None


class WorkflowSettings(Settings):
    """Where executions are started."""

    state_machine_arn: str


class LimitSettings(Settings):
    """Every limit of a regeneration (specification, Rate Limiting & Cost Control)."""

    max_attempts: int = Field(default=3, ge=1, le=3)
    turns_per_attempt: int = Field(default=2, ge=1, le=5)
    lost_calls_per_turn: int = Field(default=3, ge=1)
    throttled_calls_per_turn: int = Field(default=20, ge=1)
    daily_cost_limit_usd: Decimal = Field(default=Decimal(10), ge=0)
    run_lease_seconds: int = Field(default=600, ge=1)
    automatic_runs: int = Field(default=5, ge=1)
    sweep_max_age_hours: int = Field(default=24, ge=1)


class GeminiSettings(Settings):
    """How Gemini is asked. `gemini_api` names whose URL and key it is.

    `developer`: the Gemini API. `vertex`: Vertex AI with an API key. `firebase`: the Firebase
    AI Logic URL of the specification. The last two want project and location.
    """

    gemini_model: str = "gemini-3.8-flash"
    gemini_api: Literal["developer", "vertex", "firebase"] = "developer"
    gemini_base_url: str | None = None
    gemini_project: str | None = Field(default=None, validate_default=True)
    gemini_location: str = "us-central1"
    gemini_temperature: float = Field(default=0.3, ge=0, le=2)
    gemini_seed: int = Field(default=1, ge=0)
    gemini_max_output_tokens: int = Field(default=4096, ge=64)
    gemini_thinking_budget: int = Field(default=1024, ge=0)
    gemini_timeout_seconds: int = Field(default=60, ge=1)

    @field_validator("gemini_project")
    @classmethod
    def _named_for_google_cloud(cls, project: str | None, fields: ValidationInfo) -> str | None:
        api = fields.data.get("gemini_api", "developer")
        if api != "developer" and not project:
            raise ValueError(f"missing, and GEMINI_API is {api}")
        return project


class ValidatorSettings(Settings):
    """The Go backend. Its token, for `bearer`, is `go_backend_token` in the secret."""

    go_backend_url: str
    go_backend_auth: Literal["none", "bearer", "sigv4"] = "none"
    validator_timeout_seconds: float = Field(default=15, gt=0)


class ControlSettings(Settings):
    """The names of the SSM parameters that an operator changes; without one, nothing is read."""

    stop_parameter: str = ""
    prices_parameter: str = ""


class AlertSettings(Settings):
    """Where alerts go."""

    alarm_topic_arn: str
    event_bus_name: str


class DispatchSettings(Settings):
    """How the database has to send its errors, and where, to reach this stack."""

    dispatch: Literal["none", "aws_lambda", "pg_net"] = "none"
    trigger_function_arn: str
    webhook_url: str


class TracingSettings(Settings):
    """Where spans go; without a key in the secret, nowhere."""

    braintrust_project: str = "ai-trader"
    braintrust_api_url: str = "https://api.braintrust.dev"


class Secret(BaseModel):
    """The secret in Secrets Manager, a JSON object."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    database_url: str = ""
    gemini_api_key: str = ""
    webhook_token: str = ""
    braintrust_api_key: str = ""
    go_backend_token: str = ""

    @staticmethod
    def needed(go_backend_auth: str) -> list[str]:
        """The fields without which a stack repairs nothing, by how it calls the Go backend."""
        fields = ["database_url", "gemini_api_key", "webhook_token"]
        return [*fields, "go_backend_token"] if go_backend_auth == "bearer" else fields

    @classmethod
    def load(cls, *, fresh: bool = False) -> Self:
        """The secret that SECRET_ID names, cached for five minutes unless it is to be `fresh`.

        Raises:
            SettingMissing: no SECRET_ID, no such secret, or one that is no JSON object of texts.
            SettingUnavailable: Secrets Manager does not answer now.
        """
        secret_id = SecretSettings.load().secret_id
        value = read_secret(secret_id, SECRET_MAX_AGE_SECONDS, fresh=fresh)
        try:
            return cls.model_validate(value)
        except ValidationError as error:
            names = ", ".join(str(e["loc"][0]) for e in error.errors() if e["loc"])
            raise SettingMissing(
                f"the secret {secret_id} lacks: {names or 'a JSON object'}"
            ) from None

    def need(self, name: str) -> str:
        """The value of one field.

        Raises:
            SettingMissing: when it is empty.
        """
        value = str(getattr(self, name))
        if not value:
            raise SettingMissing(f"the secret's field {name} is empty: put a value there")
        return value


class SecretSettings(Settings):
    """Where the secret is."""

    secret_id: str
