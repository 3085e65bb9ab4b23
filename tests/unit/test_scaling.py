"""The arithmetic of `make scaling`: what a load costs and which limit it reaches first."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from local.folder import ROOT
from local.scaling import ScalingError
from local.scaling.__main__ import answers, figures, output
from local.scaling.aws_prices import AwsPrices
from local.scaling.costs import LOG_TIERS, Terms, gemini_price, monthly, tiered, total
from local.scaling.deployment import deployment
from local.scaling.load import MONTH_SECONDS, Load
from local.scaling.paths import paths, visited
from local.scaling.report import Answer
from local.scaling.workload import Workload
from tests.integration.core.machine import Machine, Step

PAGE = (ROOT / "docs/scaling.md").read_text("utf-8")
EVERYTHING_MOVED = {
    "GEMINI_SPEND": "1e9",
    "GEMINI_RPD": "1e9",
    "GEMINI_RPM": "1e9",
    "GEMINI_TPM": "1e12",
}


def one(**given: str) -> Answer:
    [answer] = answers({"RATE": "100"} | given)
    return answer


def usd(answer: Answer, name: str) -> float:
    return next(part.usd for part in answer.parts if part.name == name)


def used(answer: Answer, name: str) -> float:
    return next(limit.used for limit in answer.limits if limit.name == name)


# --- the ways through the state machine -----------------------------------------------------------
def played(*decisions: str) -> tuple[list[str], int]:
    """What the tests' own player of the state machine invokes and waits for."""
    left, functions, waits = iter(decisions), list[str](), list[int]()

    def invoke(function: str, step: Step) -> Step:
        functions.append(function)
        if function != "propose":
            return step | {"outcome": "candidate"}
        outcome = next(left)
        attempt = step["attempt"] + (outcome == "retry")
        return step | {"outcome": outcome, "attempt": attempt}

    ended = dict.fromkeys(
        ("success", "error_id", "regeneration_count", "code_validated", "status", "reason")
    )
    Machine(invoke, waits.append).run({"attempt": 1} | ended)
    return functions, sum(waits)


@pytest.mark.parametrize(
    ("way", "decisions"),
    [
        ("mechanical", ["proposed"]),
        ("one_turn", ["proposed"]),
        ("two_turns", ["feedback", "proposed"]),
        (
            "three_attempts",
            ["feedback", "retry", "feedback", "retry", "feedback", "exhausted"],
        ),
    ],
)
def test_a_way_invokes_and_waits_as_the_state_machine_does(way: str, decisions: list[str]) -> None:
    path = getattr(paths(deployment()), way)
    functions, waits = played(*decisions)
    assert list(path.functions) == functions
    assert path.waits_seconds == waits
    assert path.transitions == len(path.states) + 1


def test_a_held_run_goes_through_the_wait_again() -> None:
    held = visited(deployment(), ["hold", "candidate", "candidate", "proposed"])
    assert held[:4] == ("Regenerate", "HasCandidate", "HoldOn", "Regenerate")


def test_the_shares_of_the_ways_are_those_of_the_report_they_name() -> None:
    report = json.loads((ROOT / "tests/evals/reports/test-half-2026-11-23.json").read_text())
    ways = Counter(
        "mechanical" if c["source"] == "mechanical" else c["turns"] for c in report["cases"]
    )
    asked = ways.total() - ways["mechanical"]
    given = Workload()
    assert given.mechanical == pytest.approx(ways["mechanical"] / ways.total(), abs=0.005)
    assert given.one_turn == pytest.approx(ways[1] / asked, abs=0.005)
    assert given.two_turns == pytest.approx(ways[2] / asked, abs=0.005)


# --- costs -------------------------------------------------------------------------------------------
def test_the_parts_add_up_to_all() -> None:
    [answer] = json.loads(output({"RATE": "100", "FORMAT": "json"}))
    assert answer["total_usd"] == pytest.approx(sum(answer["usd_per_month"].values()))
    assert 0 < answer["fixed_usd"] < answer["total_usd"]


def test_gemini_costs_its_tokens_at_the_price_of_the_table() -> None:
    answer = one(MECHANICAL="0", ONE_TURN="1", TWO_TURNS="0", DUPLICATES="0.5")
    price = gemini_price(deployment().model, date(2027, 1, 1))
    each = 1700 * float(price.input) + (150 + 1024) * float(price.output)
    assert usd(answer, "Gemini") == pytest.approx(100 * 0.5 * MONTH_SECONDS * each / 1e6)


def test_a_price_of_an_earlier_day_is_another() -> None:
    assert usd(one(PRICES_ON="2026-11-01"), "Gemini") == pytest.approx(usd(one(), "Gemini") / 2)


def test_certain_changes_ask_nothing() -> None:
    answer = one(MECHANICAL="1")
    assert usd(answer, "Gemini") == 0
    assert usd(answer, "Lambda regenerate") > 0


def test_one_step_functions_execution_is_billed_by_its_transitions() -> None:
    answer = one(MECHANICAL="1", DUPLICATES="0")
    transitions = paths(deployment()).mechanical.transitions
    assert usd(answer, "Step Functions") == pytest.approx(
        100 * MONTH_SECONDS * transitions * 0.025 / 1000
    )


def test_duplicates_cost_their_admission_alone() -> None:
    """A hundred errors of which ninety repeat cost as ten, and ninety triggers with their logs."""
    repeated, alone = one(), one(RATE="10", DUPLICATES="0")
    for part in ("Gemini", "Step Functions", "Lambda validate", "Lambda propose"):
        assert usd(repeated, part) == pytest.approx(usd(alone, part))
    assert repeated.duplicates_usd == pytest.approx(total(repeated.parts) - total(alone.parts))
    assert 0 < repeated.duplicates_usd < 0.01 * total(repeated.parts)


def test_arm_is_cheaper_and_memory_is_the_templates() -> None:
    arm, x86 = one(), one(ARCHITECTURE="x86_64")
    assert usd(arm, "Lambda regenerate") < usd(x86, "Lambda regenerate")
    assert deployment().memory_gb["regenerate"] == 0.5
    assert deployment().memory_gb["screener"] == pytest.approx(1.73, abs=0.01)


def test_a_backend_of_ones_own_costs_no_screener_function() -> None:
    memory = {name: gb for name, gb in deployment().memory_gb.items() if name != "screener"}
    load = Load(100, Workload(), replace(deployment(), memory_gb=memory))
    terms = Terms(AwsPrices(), gemini_price(deployment().model, date(2027, 1, 1)), "arm64", 30)
    assert {p.name: p.usd for p in monthly(load, terms)}["Lambda screener"] == 0


def test_a_tier_is_charged_for_what_is_in_it() -> None:
    assert tiered(10_000, 0.5, LOG_TIERS) == 5000
    assert tiered(60_000, 0.5, LOG_TIERS) == pytest.approx(5000 + 5000 + 2000 + 500)


@pytest.mark.parametrize("way", ["aws_lambda", "pg_net", "eventbridge", "sqs", "kinesis"])
def test_each_way_in_has_its_price_and_its_limit(way: str) -> None:
    free = {"aws_lambda", "pg_net"}
    name, idle = (
        "ways in (SQS, EventBridge, Kinesis)",
        usd(one(), "ways in (SQS, EventBridge, Kinesis)"),
    )
    assert (usd(one(WAY_IN=way), name) > idle) is (way not in free)
    more = len(one(WAY_IN=way).limits) - len(one().limits)
    assert more == {"aws_lambda": 0, "eventbridge": 2}.get(way, 1)


def test_fewer_attempts_ask_less_and_wait_less() -> None:
    three, single = one(), one(MAX_ATTEMPTS="1")
    assert usd(single, "Gemini") < 0.6 * usd(three, "Gemini")
    assert used(single, "open executions") < used(three, "open executions")


# --- limits ------------------------------------------------------------------------------------------
def test_a_limit_that_is_moved_makes_the_next_one_bind() -> None:
    names = [limit.name for limit in one().limits]
    assert names[0] == "Gemini USD a month"
    assert one(GEMINI_SPEND="1e9").limits[0].name == names[1] == "Gemini requests a day"
    moved = one(**EVERYTHING_MOVED)
    assert moved.limits[0].name == "SSM GetParameter a second"
    assert one(GET_PARAMETER="10000", **EVERYTHING_MOVED).limits[0].name == "Postgres connections"


def test_a_limit_is_reached_at_the_rate_that_it_says() -> None:
    for limit, reached in zip(one().limits, one().reached, strict=True):
        assert used(one(RATE=str(reached)), limit.name) == pytest.approx(1, rel=1e-3), limit.name


def test_a_peak_counts_for_seconds_and_minutes_not_for_days_and_months() -> None:
    even, peaked = one(), one(PEAK="60")
    assert used(peaked, "Gemini requests a minute") == pytest.approx(
        60 * used(even, "Gemini requests a minute")
    )
    for name in ("Gemini requests a day", "Gemini USD a month"):
        assert used(peaked, name) == used(even, name)
    assert total(peaked.parts) == total(even.parts)


def test_behind_a_proxy_a_connection_is_taken_for_a_transaction_alone() -> None:
    direct, proxied = one(RATE="1000"), one(RATE="1000", RDS_PROXY_VCPUS="2")
    assert used(direct, "Postgres connections") > 1
    assert used(proxied, "Postgres connections") < 0.2
    assert usd(proxied, "RDS Proxy") == pytest.approx(2 * 720 * 0.015)


def test_a_shard_of_kinesis_is_read_one_record_after_the_other() -> None:
    one_shard, two_shards = one(WAY_IN="kinesis"), one(WAY_IN="kinesis", SHARDS="2")
    name = "Kinesis records a second"
    assert used(one_shard, name) == pytest.approx(100 * 0.018 * 3)
    assert used(two_shards, name) == pytest.approx(used(one_shard, name) / 2)


def test_lambda_at_once_is_mostly_the_wait_for_gemini() -> None:
    slow, quick = one(), one(GEMINI_SECONDS="0")
    assert used(slow, "Lambda at once") > 5 * used(quick, "Lambda at once")


# --- what is given ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"RATE": "fast"}, "RATE is 'fast': give a number"),
        ({"MONTH": "0"}, "MONTH is '0': give a number greater than 0"),
        ({"RATE": "1", "MONTH": "1"}, "give RATE or MONTH"),
        ({"DUPLICATES": "1.5"}, "DUPLICATES: .* less than or equal to 1"),
        ({"ONE_TURN": "0.9"}, "ONE_TURN and TWO_TURNS"),
        ({"WAY_IN": "carrier pigeon"}, "WAY_IN: .*aws_lambda"),
        ({"GEMINI_MODEL": "gemini-0"}, "GEMINI_MODEL: no price for gemini-0"),
        ({"PRICES_ON": "soon"}, "PRICES_ON is 'soon'"),
        ({"FORMAT": "pdf"}, "FORMAT is 'pdf': take one of table, json"),
        ({"MAX_ATTEMPTS": "4"}, "MAX_ATTEMPTS is '4': take one of 3, 2, 1"),
        ({"SHOW": "all"}, "SHOW is 'all'"),
        ({"GEMINI_RPM": "0"}, "GEMINI_RPM: .*greater than 0"),
        ({"INPUT_TOKENS": "nan"}, "INPUT_TOKENS: .*finite"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_may_be(given: dict[str, str], says: str) -> None:
    with pytest.raises(ScalingError, match=says):
        output(given)


def test_every_figure_has_a_unit_and_a_source_and_a_name_of_its_own() -> None:
    listed = figures({})
    assert all(figure.unit and figure.source for figure in listed)
    assert len({figure.name for figure in listed}) == len(listed)


def test_a_variable_replaces_its_figure() -> None:
    values: dict[str, Any] = {figure.name: figure.value for figure in figures({"SLOWDOWN": "7"})}
    assert values["SLOWDOWN"] == "7.0"


# --- the page ----------------------------------------------------------------------------------------
def test_the_pages_tables_are_what_the_script_prints() -> None:
    commands = PAGE.split("```sh\nmake scaling")[1:]
    assert len(commands) >= 5
    for block in commands:
        variables, _, text = block.partition("\n```\n")
        given = dict(word.split("=", 1) for word in variables.replace("\\\n", " ").split())
        assert text.lstrip().startswith(output(given)), f"make scaling{variables}"
