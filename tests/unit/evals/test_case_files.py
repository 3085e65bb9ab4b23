"""Case files: what is refused before a screener is asked, and which half a case belongs to."""

from pathlib import Path

import pytest
from evals.build import splits
from evals.case_files import Case, CaseFile, Refused, read

TEXT = """class = "unknown_helper"
difficulty = "easy"
strategy = "EMA 20 above EMA 50"
indicators = ["EMA 20", "EMA 50"]
timeframes = ["5m"]
failed_code = 'return indicators.Trend(data)'
reference_code = 'return false'
"""


def write(folder: Path, name: str, text: str = TEXT) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "compilation/unknown_helper-one.toml")
    write(tmp_path, "compilation/unknown_helper-two.toml")
    return tmp_path


def test_cases_are_read_in_the_order_of_their_ids(folder: Path) -> None:
    write(folder, "panic/unknown_helper-more.toml")
    cases = read(folder)
    assert [case.id for case in cases] == [
        "unknown_helper-more",
        "unknown_helper-one",
        "unknown_helper-two",
    ]
    assert [case.error_type for case in cases] == ["panic", "compilation", "compilation"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("compilation/unknown_helper-x.toml", TEXT + "note = 'x'", "unknown key 'note': remove it"),
        ("compilation/unknown_helper-x.toml", TEXT[TEXT.index("diff") :], "'class' is missing"),
        ("compilation/unknown_helper-x.toml", TEXT.replace("easy", "simple"), "'difficulty' is"),
        ("compilation/unknown_helper-x.toml", TEXT.replace("5m", "5min"), "'timeframes.0' is"),
        ("compilation/unknown_helper-x.toml", TEXT + "class =", "this is not TOML"),
        (
            "compilation/unknown_helper-x.toml",
            TEXT.replace("return false", "return indicators.Trend(data)"),
            "are the same",
        ),
        ("compilation/other-x.toml", TEXT, "rename it to unknown_helper-<short name>.toml"),
        ("timeout/unknown_helper-x.toml", TEXT, "the error type is one of compilation, runtime"),
        ("compilation/unknown_helper-x.txt", TEXT, "move or remove it"),
        ("panic/unknown_helper-one.toml", TEXT, "in more than one folder (compilation, panic)"),
        (
            "panic/nil_map-x.toml",
            TEXT.replace("unknown_helper", "nil_map"),
            "the only case of class 'nil_map': add another one",
        ),
    ],
)
def test_a_refusal_names_the_case_and_what_to_do(
    folder: Path, name: str, text: str, said: str
) -> None:
    write(folder, name, text)
    with pytest.raises(Refused) as refused:
        read(folder)
    assert said in str(refused.value)
    assert Path(name).stem in str(refused.value)


def test_a_class_may_have_one_case_while_it_is_tried(folder: Path) -> None:
    write(folder, "panic/nil_map-x.toml", TEXT.replace("unknown_helper", "nil_map"))
    assert len(read(folder, whole=False)) == 3


def case(case_id: str, difficulty: str) -> Case:
    file = CaseFile.model_validate(
        {
            "class": case_id.split("-", maxsplit=1)[0],
            "difficulty": difficulty,
            "strategy": "s",
            "indicators": [],
            "timeframes": ["5m"],
            "failed_code": "a",
            "reference_code": "b",
        }
    )
    return Case(case_id, "panic", file)


def test_half_of_each_class_and_difficulty_is_for_testing() -> None:
    cases = [
        case(f"{defect}-{difficulty}-{n}", difficulty)
        for defect in ("a", "b")
        for difficulty in ("easy", "medium", "hard")
        for n in range(4)
    ]
    split = splits(cases)
    assert split == splits(reversed(cases))
    for defect in ("a", "b"):
        for difficulty in ("easy", "medium", "hard"):
            halves = [split[f"{defect}-{difficulty}-{n}"] for n in range(4)]
            assert sorted(halves) == ["dev", "dev", "test", "test"]


def test_a_class_of_one_easy_and_one_hard_case_is_halved_too() -> None:
    split = splits([case("a-one", "easy"), case("a-two", "hard")])
    assert sorted(split.values()) == ["dev", "test"]
