"""The scripted backend: fixed answers, chosen by what the prompt contains."""

import asyncio

from local.gemini.backend import BrokenAnswer, Call, State
from local.gemini.errors import GeminiError, throttled
from local.gemini.protocol import Completion, GenerateContentRequest, Usage
from local.gemini.script import Answer, Scenario, Script


class _Played:
    """A scenario and how many of its answers were given."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.given = 0

    def next(self) -> Answer:
        answers = self.scenario.answers
        answer = answers[min(self.given, len(answers) - 1)]
        self.given += 1
        return answer


class ScriptedBackend:
    """Plays a script. Every scenario counts its own answers; replacing the script starts anew."""

    name = "scripted"

    def __init__(self, script: Script) -> None:
        self._default = script.default
        self._scenarios = [_Played(scenario) for scenario in script.scenarios]

    def start(self) -> None:
        """Nothing to load."""

    def state(self) -> tuple[State, str]:
        """Always ready."""
        return "ready", f"{len(self._scenarios)} scenarios"

    def replace(self, script: Script) -> None:
        """Forget everything and play `script`."""
        self._default = script.default
        self._scenarios = [_Played(scenario) for scenario in script.scenarios]

    def add(self, scenario: Scenario) -> int:
        """Put a scenario in front of the others; returns how many there are."""
        self._scenarios.insert(0, _Played(scenario))
        return len(self._scenarios)

    def clear(self) -> None:
        """Drop all scenarios; the default stays."""
        self._scenarios.clear()

    async def generate(self, request: GenerateContentRequest, call: Call) -> Completion:
        """The next answer of the first matching scenario.

        Raises GeminiError 400 when nothing matches and the script has no default: a test that
        falls through should fail, not be retried.
        """
        answer = self._choose(request.prompt, call)
        if answer is None:
            raise GeminiError(400, "No scenario of the script matches this prompt.")
        await asyncio.sleep(answer.delay_ms / 1000)
        _raise_if_not_a_completion(answer)
        text = None if answer.empty else answer.text
        return Completion(
            text=text,
            finish_reason=answer.finish_reason,
            block_reason=answer.block_reason,
            usage=_usage(request.prompt, text or "", answer.usage),
            model_version=answer.model_version or call.model,
        )

    async def warm(self, request: GenerateContentRequest) -> Usage:
        """Nothing to warm; no answer of the script is used up."""
        return _usage(request.prompt, "", None)

    def _choose(self, prompt: str, call: Call) -> Answer | None:
        for played in self._scenarios:
            if played.scenario.match in prompt:
                call.scenario = played.scenario.match
                return played.next()
        return self._default


def _raise_if_not_a_completion(answer: Answer) -> None:
    if answer.drop_connection:
        raise BrokenAnswer("dropped")
    if answer.malformed:
        raise BrokenAnswer("malformed")
    if answer.status is None:
        return
    message = answer.message or f"scripted answer {answer.status}"
    if answer.retry_after_seconds is not None:
        raise throttled(message, answer.retry_after_seconds)
    raise GeminiError(answer.status, message)


def _usage(prompt: str, text: str, override: Usage | None) -> Usage:
    """A quarter of the characters, rounded up, unless the script says otherwise."""
    prompt_tokens, candidate_tokens = -(-len(prompt) // 4), -(-len(text) // 4)
    counts: dict[str, int | None] = {
        "prompt_token_count": prompt_tokens,
        "candidates_token_count": candidate_tokens,
    }
    if override is not None:
        counts |= override.model_dump(exclude_unset=True)
    if "total_token_count" not in counts:
        billed = ("prompt_token_count", "candidates_token_count", "thoughts_token_count")
        counts["total_token_count"] = sum(counts.get(name) or 0 for name in billed)
    return Usage.model_validate(counts)
