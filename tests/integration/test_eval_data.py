"""Evaluation data by a real screener: what is refused, and that the committed data is fresh."""

import json
from collections.abc import Iterator

import pytest
from evals import build, screener
from evals.case_files import Case, CaseFile, Refused
from evals.fixtures import encoded, fixtures
from evals.recording import record

FAILS = 'k := data.Klines["5m"]\nreturn k[len(k)-1].Close > k[len(k)-2].Close'
GOOD = 'k := data.Klines["5m"]\nreturn len(k) > 1 && k[len(k)-1].Close > k[len(k)-2].Close'
DIVIDES = 'k := data.Klines["5m"]\nreturn 100/len(k) > 3'


@pytest.fixture(scope="module")
def asked() -> Iterator[screener.Screener]:
    if not screener.BINARY.is_file():
        pytest.fail("the screener is not built: make .local/tools/screener")
    with screener.running() as process:
        yield process


@pytest.fixture(scope="module")
def markets() -> dict[str, str]:
    return encoded(fixtures())


def case(error_type: str, failed: str, reference: str = GOOD, fixture: str | None = None) -> Case:
    file = CaseFile.model_validate(
        {
            "class": "weak_guard",
            "difficulty": "easy",
            "strategy": "the price rises",
            "indicators": [],
            "timeframes": ["5m"],
            "failed_code": failed,
            "reference_code": reference,
            "fixture": fixture,
        }
    )
    return Case("weak_guard-x", error_type, file)


def test_a_panic_is_recorded_on_the_first_fixture_that_shows_it(
    asked: screener.Screener, markets: dict[str, str]
) -> None:
    failure = record(asked, case("panic", FAILS), markets)
    assert failure.error_type == "panic"
    assert failure.message == "reflect: slice index out of range"
    assert failure.stack_trace.splitlines() == [
        "error: reflect: slice index out of range",
        "native error: index out of range",
        "line: 2: return k[len(k)-1].Close > k[len(k)-2].Close",
        "symbol: HALTUSDT",
    ]


def test_a_case_may_name_its_fixture(asked: screener.Screener, markets: dict[str, str]) -> None:
    failure = record(asked, case("panic", FAILS, fixture="missing_timeframes"), markets)
    assert "symbol: GONEUSDT" in failure.stack_trace


def test_compile_errors_are_lines_with_positions(
    asked: screener.Screener, markets: dict[str, str]
) -> None:
    failure = record(asked, case("compilation", "x := 1\nreturn ema > 2"), markets)
    lines = failure.message.splitlines()
    assert "2:8: undefined: ema" in lines
    assert "1:1: declared and not used: x" in lines
    assert failure.stack_trace == ""


def test_integer_division_is_a_runtime_error(
    asked: screener.Screener, markets: dict[str, str]
) -> None:
    assert record(asked, case("runtime", DIVIDES), markets).error_type == "runtime"


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        (case("panic", GOOD + " "), "failed_code does not fail"),
        (case("panic", GOOD + " ", fixture="crash"), "compiles and runs on crash"),
        (case("panic", FAILS, fixture="moon"), "no fixture is named 'moon'"),
        (case("runtime", FAILS), "move the file to panic/"),
        (case("compilation", DIVIDES), "move the file to runtime/"),
        (case("panic", FAILS, "return k"), "does not validate (1:8: undefined: k)"),
        (case("panic", FAILS, FAILS + " "), "fails on the fixture 'empty_series' (line 2:"),
        (case("panic", FAILS, "return false"), "answers false on all fixtures"),
    ],
)
def test_a_refusal_names_the_case_and_what_to_do(
    asked: screener.Screener, markets: dict[str, str], refused: Case, said: str
) -> None:
    with pytest.raises(Refused) as error:
        record(asked, refused, markets)
    assert said in str(error.value)
    assert refused.id in str(error.value)


def test_what_a_limit_ended_keeps_its_recorded_words(
    asked: screener.Screener, markets: dict[str, str]
) -> None:
    endless = case("runtime", "for {\n\tif data == nil {\n\t\treturn true\n\t}\n}")
    row = build.build([endless], markets, [])[0]
    before = row | {"stack_trace": "line: 1"}
    assert build.build([endless], markets, [before])[0]["stack_trace"] == "line: 1"


@pytest.mark.timeout(600)
def test_the_committed_data_is_fresh(
    asked: screener.Screener, capsys: pytest.CaptureFixture[str]
) -> None:
    assert json.loads(build.output_of().read_text())
    status = build.main(["--check"])
    assert status == 0, capsys.readouterr().err
