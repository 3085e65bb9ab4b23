"""The results' file, the report made from them, and the comparison of two reports."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from evals import compare, table
from evals.options import CannotEvaluate
from evals.report import build
from evals.results import After, Journal, Result, Scores
from rich.console import Console

CONFIGURATION = {"model": "scripted", "core": "c1"}
GOOD = Scores(extracted=True, validates=True, replays=True, behaves=True, kept=1.0)
BAD = Scores(extracted=True, validates=True)


def result(case_id: str, scores: Scores = GOOD, **fields: Any) -> Result:
    values: dict[str, Any] = {
        "id": case_id, "digest": "d", "trial": 1, "defect": "nil", "error_type": "panic",
        "difficulty": "easy", "source": "model", "status": "proposed", "reason": "", "attempts": 1,
        "turns": 1, "scores": scores, "seconds": 2.0, "cost_usd": 0.5, "final_code": "return true",
        "after": [After(scores=scores, cost_usd=0.5, seconds=2.0)] * 3,
    }  # fmt: skip
    return Result.model_validate(values | fields)


def begun(path: Path, *results: Result, restart: bool = False, **changed: str) -> Journal:
    journal = Journal.open(path, CONFIGURATION | changed, restart=restart)
    for one in results:
        journal.add(one)
    return journal


def test_a_second_start_finds_what_the_first_has_done(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "r.jsonl"
    begun(path, result("a"), result("a", trial=2, scores=BAD))
    again = begun(path)
    assert again.find("a", 1, "d") == result("a")
    assert again.find("a", 2, "d") == result("a", trial=2, scores=BAD)
    assert again.find("b", 1, "d") is None


def test_a_case_that_changed_or_broke_down_is_done_again(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    begun(path, result("a"), result("b", fault="validate: ValidatorUnavailable"))
    again = begun(path, result("a", digest="new"))
    assert again.find("a", 1, "new") is not None
    assert again.find("a", 1, "other") is None
    assert again.find("b", 1, "d") is None


def test_a_line_that_was_broken_off_is_no_result(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    begun(path, result("a"), result("b"))
    path.write_text(path.read_text()[:-30])
    again = begun(path, result("c"))
    assert again.find("a", 1, "d") is not None
    assert again.find("b", 1, "d") is None
    assert begun(path).find("c", 1, "d") is not None


def test_another_configuration_is_refused_until_it_may_restart(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    begun(path, result("a"))
    with pytest.raises(CannotEvaluate, match=r"other: core, prompt\).*RESTART=1.*REPORT="):
        begun(path, core="c2", prompt="p")
    assert begun(path).find("a", 1, "d") is not None
    assert begun(path, restart=True, core="c2").find("a", 1, "d") is None
    assert begun(path, core="c2").find("a", 1, "d") is None


def test_a_file_that_is_none_of_ours_is_not_written_to(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text("hello\n")
    with pytest.raises(CannotEvaluate, match="the file's form"):
        begun(path)
    assert path.read_text() == "hello\n"


AFTER_TWO = [
    After(scores=BAD, cost_usd=0.25, seconds=1.0),
    After(scores=GOOD, cost_usd=0.75, seconds=5.0),
    After(scores=GOOD, cost_usd=0.75, seconds=5.0),
]
RESULTS = [
    result("a", source="mechanical", cost_usd=0.0, seconds=0.5, model_versions=[]),
    result("b", attempts=2, after=AFTER_TWO, cost_usd=0.75, seconds=5.0, model_versions=["m1"]),
    result("c", BAD.model_copy(update={"kept": 0.5}), defect="types", error_type="compilation"),
    result("d", Scores(), defect="types", difficulty="hard", source="none", final_code=None),
]


@pytest.fixture
def report() -> dict[str, Any]:
    built: dict[str, Any] = build(
        RESULTS, {"model": "scripted", "git_commit": "abc", "date": "today"}
    )
    return json.loads(json.dumps(built))  # type: ignore[no-any-return]


def test_the_report_has_rates_with_their_interval(report: dict[str, Any]) -> None:
    overall = report["overall"]
    rates = {name: overall[name] for name in ("n", "extracted", "validates", "replays", "behaves")}
    assert rates == {"n": 4, "extracted": 0.75, "validates": 0.75, "replays": 0.5, "behaves": 0.5}
    assert overall["ci95"] == overall["intervals"]["behaves"] == [0.15, 0.85]
    assert (overall["cost_usd"], overall["seconds_p50"]) == (1.75, 2.0)
    assert overall["kept"] == pytest.approx((1 + 1 + 0.5) / 3, abs=1e-4)


def test_the_report_s_groups(report: dict[str, Any]) -> None:
    counts = {
        name: {group: (one["n"], one["behaves"]) for group, one in report[name].items()}
        for name in ("by_class", "by_error_type", "by_difficulty", "by_source", "by_attempt")
    }
    assert counts == {
        "by_class": {"nil": (2, 1.0), "types": (2, 0.0)},
        "by_error_type": {"compilation": (1, 0.0), "panic": (3, 0.6667)},
        "by_difficulty": {"easy": (3, 0.6667), "hard": (1, 0.0)},
        "by_source": {"mechanical": (1, 1.0), "model": (2, 0.5), "none": (1, 0.0)},
        "by_attempt": {"1": (4, 0.25), "2": (4, 0.5), "3": (4, 0.5)},
    }


def test_the_report_names_each_case(report: dict[str, Any]) -> None:
    assert set(report["cases"][0]) >= {
        "id", "class", "error_type", "difficulty", "source", "attempts", "turns", "scores",
        "seconds", "cost_usd", "final_code", "reason",
    }  # fmt: skip
    assert report["about"]["model_versions"] == ["m1"]
    assert report["about"]["broke_down"] == 0


def test_a_report_of_nothing_is_one() -> None:
    empty = build([], {})
    assert (empty["overall"]["n"], empty["overall"]["ci95"]) == (0, [0.0, 1.0])


def test_the_table_shows_every_group(report: dict[str, Any]) -> None:
    shown = io.StringIO()
    table.show(report, Console(file=shown, width=130))
    text = shown.getvalue()
    assert "50 % (15-85)" in text
    for name in ("after attempt", "mechanical", "compilation", "hard", "types", "$1.7500", "2.0 s"):
        assert name in text


def saved(folder: Path, name: str, results: list[Result]) -> compare.Report:
    path = folder / f"{name}.json"
    path.write_text(json.dumps(build(results, {"model": name, "git_commit": "abc"})))
    return compare.read(path)


def test_two_reports_are_compared_on_the_cases_of_both(tmp_path: Path) -> None:
    before = [result(f"c{n}", BAD if n < 6 else GOOD) for n in range(8)] + [result("only-a")]
    after = [result(f"c{n}", BAD if n == 7 else GOOD) for n in range(8)]
    a, b = saved(tmp_path, "one", before), saved(tmp_path, "two", after)
    found = compare.compare(a, b)
    assert [case.id for case in found.won] == [f"c{n}" for n in range(6)]
    assert [case.id for case in found.lost] == ["c7"]
    assert found.p == 0.125
    shown = io.StringIO()
    compare.show(a, b, Console(file=shown, width=130))
    text = shown.getvalue()
    for part in ("8 cases in both; 1 that", "25 % (7-59)", "88 % (53-98)", "+62.5", "p = 0.1250"):
        assert part in text


def test_reports_that_cannot_be_compared_are_refused(tmp_path: Path) -> None:
    a, b = saved(tmp_path, "one", [result("a")]), saved(tmp_path, "two", [result("b")])
    with pytest.raises(CannotEvaluate, match="no case in common"):
        compare.compare(a, b)
    with pytest.raises(CannotEvaluate, match="there is no report"):
        compare.read(tmp_path / "nowhere.json")
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(CannotEvaluate, match="is no report of make eval"):
        compare.read(tmp_path / "x.json")
