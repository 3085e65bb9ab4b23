"""make secret: what goes into the secret, what stays, what is refused, and that nothing is shown."""

import pytest

from local.deploy import CannotDeploy, secret
from local.deploy.stack import Stack

URL = "postgresql://owner:hidden@db.example.com:5432/shop"
OLD = {"database_url": URL, "gemini_api_key": "", "webhook_token": "made"}


def test_an_empty_answer_keeps_what_is_there() -> None:
    merged = secret.merge(OLD, {"database_url": " ", "gemini_api_key": " new\n"})
    assert merged == OLD | {"gemini_api_key": "new"}


def test_a_missing_token_is_made_and_one_that_is_there_stays() -> None:
    assert secret.merge(OLD, {})["webhook_token"] == "made"
    first, second = (secret.merge({}, {})["webhook_token"] for _ in range(2))
    assert len(first) >= 40
    assert first != second


@pytest.mark.parametrize("value", ["hidden", "postgresql//a:hidden@b", "dbname=hidden"])
def test_what_names_no_database_is_refused_and_not_repeated(value: str) -> None:
    with pytest.raises(CannotDeploy, match="database_url is no connection string") as refused:
        secret.merge(OLD, {"database_url": value})
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '{"gemini_key": "hidden"}',
            "has no field gemini_key: it has database_url, gemini_api_key",
        ),
        ("hidden", "no JSON object"),
        ('["hidden"]', "no JSON object"),
        ('{"gemini_api_key": {"hidden": 1}}', "no JSON object"),
        ("", "no JSON object"),
    ],
)
def test_other_input_is_refused_and_not_repeated(text: str, said: str) -> None:
    with pytest.raises(CannotDeploy, match=said) as refused:
        secret.parse(text)
    assert "hidden" not in str(refused.value)


def test_every_field_but_the_token_is_asked_for_without_its_value() -> None:
    prompts: list[str] = []

    def prompt(text: str) -> str:
        prompts.append(text)
        return "typed"

    given = secret.ask(OLD, prompt)
    assert given.keys() == set(secret.FIELDS) - {"webhook_token"}
    assert [p.partition(" ")[0] for p in prompts] == list(given)
    assert "empty keeps" in prompts[0]
    assert "not set" in prompts[1]
    assert "hidden" not in "".join(prompts)


def test_a_backend_with_a_bearer_token_needs_one() -> None:
    def lacks(**parameters: str) -> list[str]:
        stack = Stack("shop", "CREATE_COMPLETE", parameters=parameters)
        return secret.lacks(stack, OLD | {"gemini_api_key": "key"})

    assert lacks() == lacks(GoBackendAuth="bearer", GoBackendUrl="") == []
    assert lacks(GoBackendAuth="sigv4", GoBackendUrl="https://example.com") == []
    assert lacks(GoBackendAuth="bearer", GoBackendUrl="https://example.com") == ["go_backend_token"]
    assert secret.lacks(Stack("shop", "CREATE_COMPLETE"), {}) == [
        "database_url",
        "gemini_api_key",
        "webhook_token",
    ]
