"""What the scripted Gemini answers to a problem's questions."""

from typing import Any

from chaos.plan import Fault, Kind, Problem

GEMINI_SECONDS = 4
"""How long the functions wait for an answer here."""

_ERRORS: dict[Fault, dict[str, Any]] = {
    Fault.THROTTLED: {"status": 429},
    Fault.THROTTLED_FOR: {"status": 429, "retry_after_seconds": 7},
    Fault.MODEL_ERROR: {"status": 500},
    Fault.MODEL_UNAVAILABLE: {"status": 503},
    Fault.CUT_OFF: {"drop_connection": True},
    Fault.EMPTY: {"empty": True},
    Fault.MALFORMED: {"malformed": True},
    Fault.SAFETY: {"empty": True, "finish_reason": "SAFETY"},
    Fault.MAX_TOKENS: {"text": "```go\nif len(data.Kl", "finish_reason": "MAX_TOKENS"},
    Fault.NO_CODE: {"text": "I would rather talk about the weather."},
}


def failed_code(problem: Problem) -> str:
    """The filter as it failed: no helper has that name, and none is so like it as to be meant."""
    return f"// {problem.marker}\nreturn mystery(1)"


def good_code(problem: Problem) -> str:
    """A filter that compiles and runs."""
    return f"// {problem.marker}\nreturn len(data.Klines) > 0"


def script(problem: Problem) -> dict[str, Any]:
    """The scenario: an answer for each question that has a fault or not, and then the last one."""
    last = _usual(problem)
    answers = [_answer(problem, fault) for fault in problem.model]
    return {"match": problem.marker, "answers": [*answers, last]}


def _usual(problem: Problem) -> dict[str, Any]:
    return _does_not_compile(problem) if problem.kind is Kind.HOPELESS else _go(good_code(problem))


def _answer(problem: Problem, fault: Fault | None) -> dict[str, Any]:
    match fault:
        case Fault.TIME_OUT:
            return _usual(problem) | {"delay_ms": (GEMINI_SECONDS + 1) * 1000}
        case Fault.DOES_NOT_COMPILE:
            return _does_not_compile(problem)
        case Fault.FAILED_CODE_AGAIN:
            return _go(failed_code(problem))
        case None | Fault.MODEL_RESET | Fault.ASKER_KILLED:  # a good answer that never arrives
            return _usual(problem)
        case _:
            return _ERRORS[fault]


def _does_not_compile(problem: Problem) -> dict[str, Any]:
    return _go(f"// {problem.marker}\nreturn mystery(2)")


def _go(code: str) -> dict[str, Any]:
    return {"text": f"```go\n{code}\n```"}
