"""The variables of `make eval`."""

from pathlib import Path

import pytest
from evals.options import CannotEvaluate, Options

from local.folder import ROOT

NAMES = (
    "MODEL", "GEMINI_API_KEY", "CASES", "FIXTURES", "REPORT", "LIMIT", "TRIALS", "SPLIT", "ATTEMPTS",
    "SEED", "CACHE", "RESTART", "SCRIPT", "WITHOUT", "FILTERMEND_LOCAL", "FILTERMEND_CACHE", "WAIT_SCALE",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FILTERMEND_CACHE", str(tmp_path))


def test_the_defaults(tmp_path: Path) -> None:
    options = Options.from_environment()
    assert options.model == "local"
    assert options.cases == ROOT / "tests/evals/cases.json"
    assert options.report == ROOT / ".local/eval/cases-local.json"
    assert options.results == ROOT / ".local/eval/cases-local.results.jsonl"
    assert (options.limit, options.trials, options.split) == (None, 1, "all")
    assert (options.attempts, options.seed, options.restart) == (3, 1, False)
    assert options.answers == tmp_path / "answers"


def test_every_variable_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = {
        "MODEL": "scripted", "CASES": "mine.json", "FIXTURES": str(tmp_path / "f.json"),
        "REPORT": str(tmp_path / "r.json"), "LIMIT": "9", "TRIALS": "2", "SPLIT": "dev",
        "ATTEMPTS": "1", "SEED": "0", "CACHE": "0", "RESTART": "1",
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    options = Options.from_environment()
    assert options.cases == ROOT / "mine.json"
    assert options.report == tmp_path / "r.json"
    assert (options.model, options.limit, options.trials, options.split) == (
        "scripted", 9, 2, "dev",
    )  # fmt: skip
    assert (options.attempts, options.seed, options.restart) == (1, 0, True)
    assert options.answers is None


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("MODEL", "gpt", "MODEL is 'gpt': take one of local, scripted, gemini"),
        ("MODEL", "gemini", "MODEL=gemini needs GEMINI_API_KEY"),
        ("WITHOUT", "mending,luck", "WITHOUT has 'luck': take any of mechanical, diagnosis"),
        ("LIMIT", "ten", "LIMIT is 'ten': give a whole number, 1 or more"),
        ("LIMIT", "0", "LIMIT is 0: give a number 1 or more"),
        ("TRIALS", "0", "TRIALS is 0"),
        ("ATTEMPTS", "4", "ATTEMPTS is 4: give a number from 1 to 3"),
        ("SEED", "-1", "SEED is -1"),
        ("SPLIT", "train", "SPLIT is 'train': take one of dev, test, all"),
        ("RESTART", "yes", "RESTART is 'yes': take one of 0, 1"),
    ],
)
def test_a_bad_value_is_refused_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(CannotEvaluate, match=message):
        Options.from_environment()
