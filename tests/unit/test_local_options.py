"""How the local stack is asked for, and what is said when that is not possible."""

import pytest

from local.services import StackError
from local.stack import Options


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MODEL", "GEMINI_API_KEY", "WAIT_SCALE"):
        monkeypatch.delenv(name, raising=False)


def test_without_a_key_the_small_model_answers() -> None:
    assert Options.from_environment() == Options("local", 1.0)


def test_with_a_key_gemini_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "key")
    assert Options.from_environment().model == "gemini"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("MODEL", "gpt", "take one of local, scripted, gemini"),
        ("MODEL", "gemini", "needs GEMINI_API_KEY"),
        ("WAIT_SCALE", "fast", "WAIT_SCALE is a number"),
    ],
)
def test_a_bad_choice_is_refused_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(StackError, match=message):
        Options.from_environment()
