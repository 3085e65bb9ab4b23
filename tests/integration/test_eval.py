"""`make eval` end to end: real Postgres, screener and pipeline, answers from a script."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local.folder import ROOT
from local.gemini.app import create_app
from local.gemini.script import Script
from local.gemini.scripted import ScriptedBackend
from local.gemini.serving import serving

CANDLE = {
    "openTime": 0, "closeTime": 1, "open": 1.0, "high": 4.0, "low": 1.0, "close": 3.0,
    "volume": 5.0, "buyVolume": 2.0, "sellVolume": 3.0, "volumeDelta": -1.0, "quoteVolume": 9.0,
    "trades": 2,
}  # fmt: skip
FIXTURES = {
    name: {
        "symbol": f"{name.upper()}USDT",
        "ticker": {"lastPrice": price, "priceChangePercent": 1.0, "quoteVolume": 1.0},
        "klines": {"5m": [CANDLE] * 30},
        "timestamp": "2026-01-15T12:00:00Z",
    }
    for name, price in (("cheap", 2.0), ("dear", 20.0))
}
FAILED = "limit := 10.0\nif data.Ticker == nil {\n\treturn false\n}\nreturn data.Ticker.LastPrice > ceiling(limit)"
FIXED = FAILED.replace("ceiling(limit)", "limit")
OTHERWISE = FIXED.replace("10.0", "1.0")
STRATEGIES = {
    "first": "Apples: the price is above ten.",
    "second": "Pears: the price is above ten.",
    "other": "Plums: the price is above ten.",
}


def fenced(code: str) -> dict[str, str]:
    return {"text": f"```go\n{code}\n```"}


SCRIPT = {
    "scenarios": [
        {"match": "Apples", "answers": [fenced(FIXED)]},
        {"match": "Pears", "answers": [{"text": "I cannot."}, fenced(FAILED), fenced(FIXED)]},
        {"match": "Plums", "answers": [fenced(OTHERWISE)]},
    ]
}


def case(name: str) -> dict[str, Any]:
    return {
        "id": name,
        "class": "undefined_name",
        "error_type": "compilation",
        "error_message": "5:31: undefined: ceiling",
        "stack_trace": "",
        "strategy": STRATEGIES[name],
        "indicators": [],
        "timeframes": ["5m"],
        "failed_code": FAILED,
        "reference_code": FIXED,
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("eval")
    cases = [case("first"), case("second"), case("other") | {"difficulty": "hard", "split": "dev"}]
    for name, content in (("cases", cases), ("fixtures", FIXTURES), ("script", SCRIPT)):
        (folder / f"{name}.json").write_text(json.dumps(content))
    return folder


def run(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("BRAINTRUST_", "GEMINI_"))}
    given = {
        "MODEL": "scripted",
        "CASES": str(folder / "cases.json"),
        "FIXTURES": str(folder / "fixtures.json"),
        "SCRIPT": str(folder / "script.json"),
        "REPORT": str(folder / "report.json"),
        "FILTERMEND_LOCAL": str(folder),
        "PYTHONPATH": "tests",
    }
    command = [sys.executable, "-m", "evals", "run"]
    return subprocess.run(
        command,
        check=False,
        cwd=ROOT,
        env=kept | given | variables,
        capture_output=True,
        text=True,
        timeout=200,
    )


@pytest.fixture(scope="module")
def first(folder: Path) -> subprocess.CompletedProcess[str]:
    return run(folder)


@pytest.fixture
def report(folder: Path, first: subprocess.CompletedProcess[str]) -> Any:
    assert first.returncode == 0, first.stderr
    return json.loads((folder / "report.json").read_text())


def test_each_case_is_scored_by_what_its_fix_does(report: Any) -> None:
    cases = {one["id"]: one for one in report["cases"]}
    good = {"extracted": True, "validates": True, "replays": True, "behaves": True, "kept": 1.0}
    assert cases["first"]["scores"] == good
    assert cases["second"]["scores"] == good
    assert cases["other"]["scores"] == good | {"behaves": False, "kept": 0.5}
    places = {name: (one["attempts"], one["turns"]) for name, one in cases.items()}
    assert places == {"first": (1, 1), "second": (2, 3), "other": (1, 1)}
    assert cases["first"]["final_code"] == FIXED
    assert {one["source"] for one in cases.values()} == {"model"}
    assert {one["status"] for one in cases.values()} == {"proposed"}
    assert all(one["seconds"] > 0 and one["cost_usd"] > 0 for one in cases.values())


def test_the_rates_are_those_of_the_cases(report: Any) -> None:
    overall = report["overall"]
    assert (overall["n"], overall["validates"], overall["behaves"]) == (3, 1.0, 0.6667)
    assert overall["ci95"] == [0.2077, 0.9385]
    assert overall["cost_usd"] == pytest.approx(sum(c["cost_usd"] for c in report["cases"]))
    behaving = {number: one["behaves"] for number, one in report["by_attempt"].items()}
    assert behaving == {"1": 0.3333, "2": 0.6667, "3": 0.6667}
    assert {name: one["n"] for name, one in report["by_difficulty"].items()} == {
        "hard": 1,
        "unknown": 2,
    }
    assert list(report["by_class"]) == ["undefined_name"]
    assert list(report["by_error_type"]) == ["compilation"]
    assert list(report["by_source"]) == ["model"]


def test_the_report_says_how_it_came_to_be(report: Any) -> None:
    about = report["about"]
    assert (about["model"], about["seed"], about["attempts"]) == ("scripted", 1, 3)
    assert about["model_versions"] == ["scripted"]
    assert len(about["prompt_versions"]) == 1
    assert about["git_commit"]
    assert about["machine"]
    assert about["date"].startswith("20")


def test_what_is_printed_is_a_table(first: subprocess.CompletedProcess[str]) -> None:
    assert "67 % (21-94)" in first.stdout
    assert "undefined_name" in first.stdout
    assert "_aws" not in first.stdout


def test_nothing_is_left_running(folder: Path, report: Any) -> None:
    assert not (folder / "eval" / "state.json").exists()
    assert not (folder / "eval" / "postgres" / "postmaster.pid").exists()


def test_a_second_start_goes_on_from_the_first(folder: Path, report: Any) -> None:
    lines = (folder / "report.results.jsonl").read_text().splitlines()
    (folder / "report.results.jsonl").write_text("\n".join(lines[:-1]) + "\n" + lines[-1][:40])
    again = run(folder)
    assert again.returncode == 0, again.stderr
    assert "2 of 3 results are there already" in again.stderr
    fresh = json.loads((folder / "report.json").read_text())
    assert [one["scores"] for one in fresh["cases"]] == [one["scores"] for one in report["cases"]]
    assert fresh["overall"] | {"seconds_p50": 0} == report["overall"] | {"seconds_p50": 0}


def test_another_configuration_is_refused_by_name(folder: Path, report: Any) -> None:
    refused = run(folder, ATTEMPTS="2")
    assert refused.returncode == 1
    assert "another configuration (other: limits)" in refused.stderr
    assert "RESTART=1" in refused.stderr


def test_gemini_itself_needs_only_its_name_and_a_key(folder: Path) -> None:
    script = Script.model_validate(SCRIPT)
    with serving(create_app(ScriptedBackend(script))) as url:
        done = run(
            folder,
            MODEL="gemini",
            GEMINI_API_KEY="a-key",
            GEMINI_BASE_URL=url,
            REPORT=str(folder / "gemini.json"),
        )
    assert done.returncode == 0, done.stderr
    report = json.loads((folder / "gemini.json").read_text())
    assert (report["about"]["model"], report["overall"]["behaves"]) == ("gemini", 0.6667)
    sampling = json.loads(report["about"]["configuration"]["sampling"])
    assert sampling["gemini_model"] == "gemini-3.8-flash"
    assert all(one["cost_usd"] > 0 for one in report["cases"])
