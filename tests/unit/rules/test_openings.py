"""The first lines of a filter come back when a model has left them out."""

import pytest

from filtermend.rules.openings import restore_opening

FAILED = """// hourly
hourly := data.Klines["1h"]
const period = 14
if len(hourly) < period {
	return false
}
last := hourly[len(hourly)-1]
return last.Close > 1"""
REST = """if len(hourly) < period {
	return false
}
last := hourly[len(hourly)-1]
return last.Close > 2"""


def test_declarations_that_were_left_out_come_back_in_their_order() -> None:
    restored = restore_opening(REST, FAILED)
    assert restored == f'hourly := data.Klines["1h"]\nconst period = 14\n{REST}'


def test_only_what_is_missing_comes_back() -> None:
    kept = f"const period = 14\n{REST}"
    assert restore_opening(kept, FAILED) == f'hourly := data.Klines["1h"]\n{kept}'


@pytest.mark.parametrize(
    "candidate",
    [
        FAILED,
        "return true",
        'return data.Klines["hourly"] != nil',
        'a, hourly := 1, data.Klines["4h"]\nreturn len(hourly) > a',
        'var hourly = data.Klines["4h"]\nreturn len(hourly) > 1',
        "return data.hourly > 1",
    ],
)
def test_nothing_comes_back_that_is_there_or_not_used(candidate: str) -> None:
    assert restore_opening(candidate, FAILED) == candidate


@pytest.mark.parametrize(
    "failed",
    [
        "",
        "if x {\n\tk := 1\n}\nk := 2\nreturn k > 1",
        "k := []int{\n\t1,\n}\nreturn k[0] > 1",
        "return k > 1",
        "k == 1",
    ],
)
def test_what_is_no_declaration_at_the_beginning_stays_away(failed: str) -> None:
    assert restore_opening("return k > 1", failed) == "return k > 1"


def test_a_pair_comes_back_when_one_of_it_is_used() -> None:
    failed = "a, b := 1, 2\nreturn a > b"
    assert restore_opening("return b > 3", failed) == "a, b := 1, 2\nreturn b > 3"
    assert restore_opening("a := 3\nreturn a > b", failed) == "a := 3\nreturn a > b"
