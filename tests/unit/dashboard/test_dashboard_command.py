"""What `make dashboard` says when it cannot draw."""

from pathlib import Path

import pytest

from local.dashboard.__main__ import main


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({}, "no stack runs here: `make up` starts it"),
        ({"RANGE": "yesterday"}, "RANGE is 'yesterday': give a duration such as PT30M"),
        ({"RANGE": "-PT1H"}, "RANGE is '-PT1H'"),
        ({"PERIOD": "1m"}, "PERIOD is '1m': give seconds, such as 60"),
        ({"PERIOD": "0"}, "PERIOD is '0'"),
    ],
)
def test_it_says_what_to_do(
    variables: dict[str, str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("RANGE", "PERIOD"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"FILTERMEND_LOCAL": str(tmp_path), **variables}.items():
        monkeypatch.setenv(name, value)
    assert main() == 1
    assert sentence in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
