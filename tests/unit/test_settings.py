"""Settings: the environment's values, typed; what is missing is named in a sentence."""

import json
from decimal import Decimal

import pytest
from aws_lambda_powertools.utilities import parameters

from filtermend import aws
from filtermend.faults import SettingMissing
from filtermend.settings import (
    GeminiSettings,
    LimitSettings,
    Secret,
    Settings,
    TracingSettings,
    ValidatorSettings,
    WorkflowSettings,
)

KINDS = [WorkflowSettings, LimitSettings, GeminiSettings, ValidatorSettings, TracingSettings]


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in KINDS:
        for name in kind.model_fields:
            monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.delenv("SECRET_ID", raising=False)


def test_the_specification_s_limits_are_the_defaults() -> None:
    limits = LimitSettings.load()
    assert limits.max_attempts == 3
    assert limits.turns_per_attempt == 2
    assert limits.daily_cost_limit_usd == Decimal(10)
    assert limits.sweep_max_age_hours == 24


def test_gemini_s_defaults_are_those_of_the_design() -> None:
    gemini = GeminiSettings.load()
    assert gemini.gemini_model == "gemini-3.8-flash"
    assert gemini.gemini_temperature == 0.3
    assert gemini.gemini_max_output_tokens == 4096
    assert gemini.gemini_thinking_budget == 1024
    assert gemini.gemini_timeout_seconds == 60


def test_braintrust_s_project_is_that_of_the_specification() -> None:
    assert TracingSettings.load().braintrust_project == "ai-trader"


def test_a_variable_overrides_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_ATTEMPTS", "1")
    monkeypatch.setenv("DAILY_COST_LIMIT_USD", "0.50")
    assert LimitSettings.load().max_attempts == 1
    assert LimitSettings.load().daily_cost_limit_usd == Decimal("0.50")


@pytest.mark.parametrize("api", ["vertex", "firebase"])
def test_google_cloud_without_a_project_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, api: str
) -> None:
    monkeypatch.setenv("GEMINI_API", api)
    with pytest.raises(SettingMissing, match=f"GEMINI_PROJECT: .*GEMINI_API is {api}"):
        GeminiSettings.load()
    monkeypatch.setenv("GEMINI_PROJECT", "shop-1")
    assert GeminiSettings.load().gemini_project == "shop-1"


def test_zero_is_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEMINI_THINKING_BUDGET", "0")
    assert GeminiSettings.load().gemini_thinking_budget == 0


def test_an_empty_variable_is_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEMINI_BASE_URL", "")
    monkeypatch.setenv("MAX_ATTEMPTS", "")
    assert GeminiSettings.load().gemini_base_url is None
    assert LimitSettings.load().max_attempts == 3


@pytest.mark.parametrize(
    ("kind", "name"),
    [(WorkflowSettings, "STATE_MACHINE_ARN"), (ValidatorSettings, "GO_BACKEND_URL")],
)
def test_a_missing_variable_is_named(kind: type[Settings], name: str) -> None:
    with pytest.raises(SettingMissing, match=f"{name}: Field required"):
        kind.load()


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        (LimitSettings, "MAX_ATTEMPTS", "4"),
        (LimitSettings, "MAX_ATTEMPTS", "0"),
        (LimitSettings, "MAX_ATTEMPTS", "three"),
        (LimitSettings, "DAILY_COST_LIMIT_USD", "-1"),
        (GeminiSettings, "GEMINI_API", "other"),
        (GeminiSettings, "GEMINI_TEMPERATURE", "2.1"),
        (ValidatorSettings, "GO_BACKEND_AUTH", "basic"),
    ],
)
def test_a_value_out_of_bounds_is_named(
    kind: type[Settings], name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GO_BACKEND_URL", "http://screener")
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingMissing, match=f"settings of this function: {name}: "):
        kind.load()


def test_every_problem_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_ATTEMPTS", "9")
    monkeypatch.setenv("TURNS_PER_ATTEMPT", "9")
    with pytest.raises(SettingMissing, match=r"MAX_ATTEMPTS: .*; TURNS_PER_ATTEMPT: "):
        LimitSettings.load()


# --- the secret ------------------------------------------------------------------------------


class SecretsManager:
    """Answers with the text a test puts there, as Powertools would hand it on."""

    def __init__(self, text: str) -> None:
        self.text = text

    def get(self, name: str, **_: object) -> object:
        assert name == "the-secret"
        try:
            return json.loads(self.text)
        except ValueError as error:
            raise parameters.TransformParameterError(str(error)) from None


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> SecretsManager:
    fake = SecretsManager('{"database_url": "postgres://db", "gemini_api_key": "k"}')
    monkeypatch.setenv("SECRET_ID", "the-secret")
    monkeypatch.setattr(aws, "secrets", lambda: fake)
    return fake


def test_the_secret_s_fields_are_read(manager: SecretsManager) -> None:
    secret = Secret.load()
    assert secret.need("database_url") == "postgres://db"
    assert secret.need("gemini_api_key") == "k"
    assert secret.webhook_token == ""


@pytest.mark.parametrize("text", ["{}", '{"database_url": ""}'])
def test_a_secret_that_is_not_filled_in_yet_is_named(manager: SecretsManager, text: str) -> None:
    manager.text = text
    with pytest.raises(SettingMissing, match="database_url is empty: put a value there"):
        Secret.load().need("database_url")


def test_an_empty_field_that_is_needed_is_named(manager: SecretsManager) -> None:
    with pytest.raises(SettingMissing, match="webhook_token is empty"):
        Secret.load().need("webhook_token")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{"database_url": 5}', "the secret the-secret lacks: database_url"),
        ("[]", "the secret the-secret lacks: a JSON object"),
        ("not json", "the secret the-secret is no JSON"),
    ],
)
def test_a_secret_that_cannot_be_used_is_a_sentence(
    manager: SecretsManager, text: str, complaint: str
) -> None:
    manager.text = text
    with pytest.raises(SettingMissing, match=complaint):
        Secret.load()


def test_a_complaint_about_the_secret_does_not_show_it(manager: SecretsManager) -> None:
    manager.text = '{"database_url": ["postgres://user:hunter2@db"]}'
    with pytest.raises(SettingMissing) as complaint:
        Secret.load()
    assert "hunter2" not in str(complaint.value)


def test_without_a_secret_s_name_that_is_said() -> None:
    with pytest.raises(SettingMissing, match="SECRET_ID: Field required"):
        Secret.load()


def test_no_call_to_aws_waits_for_longer_than_a_function_lives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, "us-east-1")
    made = [aws.made.__wrapped__("sns"), aws.secrets.__wrapped__().client]
    made.append(aws.ssm.__wrapped__().client)
    for client in made:
        config = client.meta.config
        attempts = config.retries["total_max_attempts"]
        assert attempts * (config.connect_timeout + config.read_timeout) <= 60
