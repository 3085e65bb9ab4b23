"""Stored answers: the same question is computed once, another one is not mistaken for it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from local.gemini.backend import Call, State
from local.gemini.errors import GeminiError
from local.gemini.llama import LocalBackend
from local.gemini.protocol import Completion, GenerateContentRequest, Usage
from local.gemini.stored import StoredAnswers

QUESTION = {
    "systemInstruction": {"parts": [{"text": "You mend filters."}]},
    "contents": [{"role": "user", "parts": [{"text": "mend this"}]}],
    "generationConfig": {"temperature": 0.3, "seed": 7, "maxOutputTokens": 50},
}


class Counting:
    """Answers each question with how many there were; its answer depends on the whole request."""

    name = "local"

    def __init__(self) -> None:
        self.asked = 0
        self.fails = False

    def start(self) -> None:
        self.started = True

    def state(self) -> tuple[State, str]:
        return "ready", "counting"

    def determinants(self, request: GenerateContentRequest) -> dict[str, Any]:
        return request.model_dump(mode="json")

    async def generate(self, request: GenerateContentRequest, call: Call) -> Completion:
        self.asked += 1
        await asyncio.sleep(0.05)
        if self.fails:
            raise GeminiError(499, "given up")
        usage = Usage(prompt_token_count=9, candidates_token_count=3)
        return Completion(text=f"answer {self.asked}", usage=usage, model_version="counting-1")

    async def warm(self, request: GenerateContentRequest) -> Usage:
        return Usage(prompt_token_count=1)


def ask(answers: StoredAnswers, **config: Any) -> tuple[Completion, Call]:
    body = QUESTION | {"generationConfig": QUESTION["generationConfig"] | config}  # type: ignore[operator]
    call = Call(model="m", prompt_chars=0, prompt="")
    request = GenerateContentRequest.model_validate(body)
    return asyncio.run(answers.generate(request, call)), call


def test_a_question_is_computed_once_also_by_another_process(tmp_path: Path) -> None:
    backend = Counting()
    first, new = ask(StoredAnswers(backend, tmp_path))
    second, found = ask(StoredAnswers(backend, tmp_path))
    assert second == first
    assert backend.asked == 1
    assert new.stored_ms is None
    assert found.stored_ms is not None
    assert found.stored_ms >= 50


@pytest.mark.parametrize("other", [{"seed": 8}, {"temperature": 0.5}, {"maxOutputTokens": 51}])
def test_another_sampling_is_another_question(tmp_path: Path, other: dict[str, Any]) -> None:
    answers = StoredAnswers(Counting(), tmp_path)
    assert ask(answers)[0].text == "answer 1"
    assert ask(answers, **other)[0].text == "answer 2"


def test_a_question_that_failed_is_asked_again(tmp_path: Path) -> None:
    backend = Counting()
    backend.fails = True
    with pytest.raises(GeminiError):
        ask(StoredAnswers(backend, tmp_path))
    backend.fails = False
    assert ask(StoredAnswers(backend, tmp_path))[0].text == "answer 2"


def test_a_file_that_is_no_answer_is_replaced(tmp_path: Path) -> None:
    answers = StoredAnswers(Counting(), tmp_path)
    ask(answers)
    [file] = tmp_path.rglob("*.json")
    file.write_text("{")
    assert ask(answers)[0].text == "answer 2"
    assert ask(answers)[0].text == "answer 2"


def test_the_local_model_s_answer_depends_on_weights_prompt_sampling_and_seed() -> None:
    backend = LocalBackend()
    known = backend.determinants(GenerateContentRequest.model_validate(QUESTION))
    assert len(known["weights"]) == 64
    assert known["question"]["seed"] == 7
    assert known["question"]["temperature"] == 0.3
    assert [turn["content"] for turn in known["question"]["messages"]] == [
        "You mend filters.",
        "mend this",
    ]
    assert known["beginning"]["messages"][0]["content"] == "You mend filters."
