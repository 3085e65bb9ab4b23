"""Cases and fixtures: what is read, what is refused and how, and which cases a limit takes."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from evals.dataset import EvalCase, choose, read_cases, read_fixtures, shares
from evals.options import CannotEvaluate

CASE = {
    "id": "rsi-1",
    "class": "nil_indicator",
    "error_type": "panic",
    "error_message": "nil pointer",
    "stack_trace": "at line 2",
    "strategy": "Buy dips.",
    "indicators": ["RSI"],
    "timeframes": ["5m"],
    "failed_code": "return false",
    "reference_code": "return true",
}


def write(folder: Path, content: Any) -> Path:
    path = folder / "cases.json"
    path.write_text(json.dumps(content))
    return path


def some(**classes: int) -> list[EvalCase]:
    return [
        EvalCase.model_validate(CASE | {"id": f"{name}-{number}", "class": name})
        for name, count in classes.items()
        for number in range(count)
    ]


def test_a_case_of_another_file_needs_no_split_and_no_difficulty(tmp_path: Path) -> None:
    [case] = read_cases(write(tmp_path, [CASE | {"author": "somebody"}]))
    assert (case.id, case.defect, case.difficulty, case.split) == (
        "rsi-1",
        "nil_indicator",
        "unknown",
        None,
    )


def lacking(name: str) -> dict[str, Any]:
    return {field: value for field, value in CASE.items() if field != name}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([CASE, lacking("strategy") | {"id": "x"}], r"case 2 \(x\) lacks the field 'strategy'"),
        ([lacking("class")], r"case 1 \(rsi-1\) lacks the field 'class': add it; a case is {id,"),
        ([lacking("id")], "case 1 lacks the field 'id'"),
        ([CASE | {"error_type": "oops"}], "has a wrong 'error_type'"),
        ([CASE | {"failed_code": ""}], "has a wrong 'failed_code'"),
        (["case"], "case 1 is not a JSON object"),
        ([CASE, CASE], "two cases with the id 'rsi-1': rename one"),
        ([], "not a list of cases"),
        ({"cases": [CASE]}, "not a list of cases"),
    ],
)
def test_a_bad_case_is_named_with_what_to_do(tmp_path: Path, content: Any, message: str) -> None:
    with pytest.raises(CannotEvaluate, match=message):
        read_cases(write(tmp_path, content))


def test_a_file_that_is_missing_or_no_json_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotEvaluate, match=r"no file .*nowhere.json: name one with CASES="):
        read_cases(tmp_path / "nowhere.json")
    (tmp_path / "cases.json").write_text("[")
    with pytest.raises(CannotEvaluate, match=r"FIXTURES: .* cannot be read as JSON"):
        read_fixtures(tmp_path / "cases.json")


def test_fixtures_are_an_object_of_markets(tmp_path: Path) -> None:
    assert json.loads(read_fixtures(write(tmp_path, {"calm": {"symbol": "A"}}))["calm"]) == {
        "symbol": "A"
    }
    for content in ([{"symbol": "A"}], {}, {"calm": 3}):
        with pytest.raises(CannotEvaluate, match=r"not a JSON object {name: MarketData}"):
            read_fixtures(write(tmp_path, content))


def test_a_split_takes_its_own_and_those_without_one() -> None:
    cases = [
        EvalCase.model_validate(CASE | {"id": name, "split": split})
        for name, split in (("a", "dev"), ("b", "test"), ("c", None))
    ]
    assert [case.id for case in choose(cases, "dev", None)] == ["a", "c"]
    assert [case.id for case in choose(cases, "all", None)] == ["a", "b", "c"]
    with pytest.raises(CannotEvaluate, match="no case has the split 'test': take SPLIT=all"):
        choose(cases[:1], "test", None)


def test_a_limit_keeps_each_class_s_share_and_the_order() -> None:
    cases = some(big=60, middle=30, small=10)
    chosen = choose(cases, "all", 20)
    assert Counter(case.defect for case in chosen) == {"big": 12, "middle": 6, "small": 2}
    assert chosen == [case for case in cases if case in chosen]
    assert len(choose(cases, "all", 7)) == 7
    assert choose(cases, "all", 100) == choose(cases, "all", 500) == cases


def test_a_limit_chooses_by_the_ids_alone() -> None:
    cases = some(big=60, small=10)
    chosen = {case.id for case in choose(cases, "all", 14)}
    assert {case.id for case in choose(cases[::-1], "all", 14)} == chosen
    assert {case.id for case in choose(cases, "all", 7)} < chosen


def test_shares_always_sum_up() -> None:
    sizes = {"a": 3, "b": 3, "c": 1}
    for limit in range(1, 7):
        given = shares(sizes, limit)
        assert sum(given.values()) == limit
        assert all(given[name] <= size for name, size in sizes.items())


def test_a_case_s_digest_is_of_what_a_result_depends_on() -> None:
    case = EvalCase.model_validate(CASE)
    assert case.digest == EvalCase.model_validate(CASE | {"split": "dev"}).digest
    assert case.digest != EvalCase.model_validate(CASE | {"strategy": "Sell."}).digest
