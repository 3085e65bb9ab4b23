"""When certain changes are the fix, and when a model has to look at it."""

from typing import Any

import pytest

from filtermend.examination import Examination
from filtermend.models import Change, Diagnostic
from filtermend.rules.mending import is_the_fix

GUARD = Change(line=2, message="klines may be empty")
RENAMED = Change(line=2, message="GetLatestEMA is called CalculateEMA")
INDEX = "reflect: slice index out of range"


def examined(*changes: Change, replay: str = "", **facts: Any) -> Examination:
    before = [Diagnostic(message=f"fails: {replay}", source="replay")] if replay else []
    return Examination(
        code="return true", changes=list(changes), diagnostics=[], before=before,
        **{"valid": True, "replayed": True, "compiled_before": True} | facts,
    )  # fmt: skip


def is_fixed(found: Examination, error_type: str, text: str = INDEX) -> bool:
    return is_the_fix(error_type, text, found)


def test_a_filter_that_compiles_now_is_mended() -> None:
    assert is_fixed(examined(RENAMED, compiled_before=False), "compilation")


def test_nothing_changed_is_no_fix() -> None:
    assert not is_fixed(examined(compiled_before=False), "compilation")


@pytest.mark.parametrize("facts", [{"valid": False, "replayed": None}, {"replayed": False}])
def test_what_is_not_good_afterwards_is_no_fix(facts: dict[str, Any]) -> None:
    assert not is_fixed(examined(RENAMED, compiled_before=False, **facts), "compilation")


def test_a_compile_error_that_the_backend_does_not_see_is_for_the_model() -> None:
    assert not is_fixed(examined(GUARD), "compilation")


@pytest.mark.parametrize(
    ("text", "replay"),
    [
        (INDEX, "index out of range"),
        ("panic: runtime error: index out of range [-1]", "slice bounds out of range"),
        ("reflect: call of reflect.Value.Float on zero Value", "nil pointer dereference"),
        ("filter execution timed out after 1s", "the filter timed out after 1s"),
        ("goroutine stack exceeds 32 MB", "the filter recursed without end"),
        ("something that nobody knows", "index out of range"),
    ],
)
def test_a_panic_that_was_repeated_and_is_gone_is_mended(text: str, replay: str) -> None:
    assert is_fixed(examined(GUARD, replay=replay), "panic", text)


def test_another_panic_than_the_error_s_is_not_its_fix() -> None:
    assert not is_fixed(examined(GUARD, replay="integer divide by zero"), "runtime")


def test_a_guard_for_an_error_that_could_not_be_repeated_is_its_fix() -> None:
    assert is_fixed(examined(GUARD), "panic")


def test_a_panic_is_not_mended_where_nothing_was_run() -> None:
    assert not is_fixed(examined(GUARD, replay="index out of range", replayed=None), "panic")
