"""`make explain`: the story it prints is what happened, and printing it does no harm."""

import json
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import boto3
import pytest
from integration.core.endpoints import FENCED, Gemini
from integration.core.explain_run import HOSTILE, Explain, said
from integration.core.rows import BEYOND_MENDING, Rows
from integration.core.test_masking import EXCHANGE_KEY, FAILED, MENDED
from integration.core.traced import WORKFLOW, Run
from psycopg.conninfo import make_conninfo

from filtermend.models import Step
from filtermend.rules.masking import mask
from local.operate.explain.page import WIDTH

USAGE = {"prompt_token_count": 1000, "candidates_token_count": 200}


def test_a_repair_is_told_from_its_creation_to_the_decision(
    rows: Rows, run: Run, gemini: Gemini, explain: Explain
) -> None:
    gemini.play(
        {"status": 429}, {"text": "```go\nreturn nonsense\n```"}, {"text": FENCED, "usage": USAGE}
    )
    step = rows.running(**BEYOND_MENDING)
    [held] = run(("regenerate",), step).steps
    run(WORKFLOW + WORKFLOW, held)
    rows.run(
        "select decide_fix(%s, 'applied', 'Works well.') from set_config('request.jwt.claims', %s, true)",
        [step.error_id, json.dumps({"sub": str(rows.owner(step.error_id))})],
    )
    page = explain(step.error_id)
    text = said(page)
    [throttled, wrong, right] = rows.calls(step.error_id)
    told = [
        "created: compilation error",
        "turn 1, call 1: scripted asked",
        "outcome: throttled (429",
        "turn 1, call 2: scripted asked",
        "verdict: refused, not replayed",
        "undefined: nonsense",
        "turn 2, call 1: scripted asked",
        f"prompt {right['prompt_version']} from bundled",
        "tokens: 1000 in (0 cached), 200 out, 0 thinking",
        f"outcome: candidate (STOP) after {right['latency_ms'] / 1000:.2f} s; cost $0.0018 of",
        "verdict: valid, ran in the replay",
        "kept as the proposed fix (model)",
        f"applied by {rows.owner(step.error_id)}",
        "-return mystery(1)",
        "+return klines[len(klines)-50].Close > 0",
    ]
    places = [text.rfind(each) for each in told]
    assert -1 not in places, told[places.index(-1)]
    assert places == sorted(places)
    assert f"trace {step.error_id}" in text
    spent = sum(call["cost_usd"] for call in (throttled, wrong, right))
    assert f"cost ${spent.normalize():f} spent; reserved: $0.00 unanswered, $0.00 in flight" in text
    assert "status applied reason Works well." in text
    assert f"attempts 1, execution {step.error_id}-1" in text
    assert "no log was read: no stack: name a deployed one (STACK=…)" in text
    assert max(map(len, page.out.splitlines())) <= WIDTH


def test_waits_and_reservations_are_told(rows: Rows, explain: Explain) -> None:
    step = rows.running(**BEYOND_MENDING)
    rows.candidate(
        step, "return a", reserved_usd="0.02", cost_usd="0.0125", started_at="2026-11-20T10:00:00Z"
    )
    rows.candidate(
        step.model_copy(update={"attempt": 2}),
        "return b",
        outcome="unknown",
        cost_usd=None,
        reserved_usd="0.03",
    )
    rows.run(
        "update filter_regeneration_attempts set finished_at = '2026-11-20T10:00:01Z' where attempt = 1"
    )
    rows.run(
        "update filter_regeneration_attempts set started_at = '2026-11-20T10:05:01Z' where attempt = 2"
    )
    rows.candidate(
        step.model_copy(update={"attempt": 3}),
        "return c",
        outcome=None,
        cost_usd=None,
        reserved_usd="0.04",
    )
    rows.run(
        "update filter_regeneration_attempts set finished_at = null, lease_until = now() + interval '1 h' where attempt = 3"
    )
    text = said(explain(step.error_id))
    assert "10:00:01.000 waited 300.0 s before attempt 2" in text
    assert "$0.0125 spent; reserved: $0.03 unanswered, $0.04 in flight" in text
    rows.run(
        "update filter_regeneration_attempts set lease_until = now() - interval '1 h' where attempt = 3"
    )
    text = said(explain(step.error_id))
    assert "reserved: $0.07 unanswered, $0.00 in flight" in text
    assert "outcome: unknown, its lease is over" in text


def test_duplicates_and_their_primary_name_each_other(rows: Rows, explain: Explain) -> None:
    first, second = rows.error(), rows.error()
    rows.set(second.error_id, regeneration_status="duplicate", duplicate_of=first.error_id)
    assert f"1 repeat it: {second.error_id} duplicate" in said(explain(first.error_id))
    assert f"it repeats {first.error_id}" in said(explain(second.error_id))
    assert "never dispatched" in said(explain(first.error_id))


def test_what_strangers_wrote_cannot_act_on_the_terminal(rows: Rows, explain: Explain) -> None:
    text = HOSTILE.replace("\x00", "") + "長" * 500
    step = rows.running(
        error_type="panic", error_message=text, filter_code_snapshot=f"{text}\nreturn 1"
    )
    diagnostics = [{"message": text, "line": 1, "source": "validation"}]
    rows.candidate(
        step, "x", model=text, finish_reason=text, model_version=text, diagnostics=diagnostics
    )
    rows.set(step.error_id, proposed_fix_code=f"{text}\nreturn 2", regeneration_reason=text)
    page = explain(step.error_id)
    assert page.code == 0
    bad = {c for c in page.out if c != "\n" and unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"}}
    assert bad == set()
    assert "\\x1b]0;owned\\x07" in page.out
    assert "[bold red]markup[/]" in said(page)
    wide = sum(unicodedata.east_asian_width(c) == "W" for c in page.out)
    assert wide > 1000
    for line in page.out.splitlines():
        cells = sum(2 if unicodedata.east_asian_width(c) == "W" else 1 for c in line)
        assert cells <= WIDTH, line


def test_secrets_are_masked_wherever_they_stand(rows: Rows, explain: Explain) -> None:
    step = rows.running(
        error_type="compilation",
        error_message=f'apiKey := "{EXCHANGE_KEY}"',
        filter_code_snapshot=FAILED,
    )
    rows.set(step.error_id, proposed_fix_code=MENDED, regeneration_reason=f"token: {EXCHANGE_KEY}")
    page = explain(step.error_id)
    assert EXCHANGE_KEY not in page.out
    assert page.out.count(mask(EXCHANGE_KEY)[-8:]) >= 3
    assert '\n apiKey := "[masked ' in page.out, "the same on both sides"


def test_a_huge_code_is_shown_soon_and_in_part(rows: Rows, explain: Explain) -> None:
    step = rows.running(filter_code_snapshot="\n".join(f"a{n % 7}" for n in range(50_000)))
    rows.set(step.error_id, proposed_fix_code="\n".join(f"a{n % 5}" for n in range(50_000)))
    started = datetime.now(UTC)
    page = explain(step.error_id)
    assert (datetime.now(UTC) - started).total_seconds() < 15
    assert "lines left out]" in page.out
    assert len(page.out.splitlines()) < 300


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (None, "which error? ERROR=<its id"),
        ("42", "ERROR is '42': give an error's id, a UUID"),
        ("\x1b[2J", "ERROR is '\\x1b[2J': give an error's id"),
        (UUID(int=1), f"the database has no error {UUID(int=1)}"),
    ],
)
def test_an_id_that_names_nothing_is_a_sentence(
    explain: Explain, error: Any, sentence: str
) -> None:
    page = explain(error)
    assert (page.code, page.out) == (2, "")
    assert page.err.startswith(f"explain: {sentence}")
    assert page.err.count("\n") == 1


def test_of_a_deleted_error_the_cost_is_told(rows: Rows, explain: Explain) -> None:
    step = rows.candidate(rows.running(), "return true", cost_usd="0.5")
    rows.run("delete from trader_execution_errors where id = %s", [step.error_id])
    assert "it was deleted, its 1 calls cost $0.50" in explain(step.error_id).err


def test_without_a_database_or_access_to_it_it_says_so(
    rows: Rows, explain: Explain, postgres: str
) -> None:
    assert "set DATABASE_URL" in explain(uuid4(), DATABASE_URL="").err
    assert "cannot be reached" in explain(uuid4(), DATABASE_URL="postgresql://u@127.0.0.1:9/d").err
    empty = make_conninfo(postgres, dbname="postgres")
    assert "apply the migrations" in explain(uuid4(), DATABASE_URL=empty).err
    login = f"explain_{uuid4().hex[:8]}"
    rows.run(f"create role {login} login")
    try:
        url = make_conninfo(rows.dsn, user=login)
        error = rows.error().error_id
        assert "grant filtermend_service" in explain(error, DATABASE_URL=url).err
        rows.run(f"grant filtermend_service to {login}")
        assert f"error {error}" in said(explain(error, DATABASE_URL=url))
    finally:
        rows.run(f"drop role {login}")


def test_without_credentials_the_story_is_told_without_the_log(
    rows: Rows, explain: Explain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    none = {"STACK": "shop", "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}
    files = {
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "x"),
        "AWS_CONFIG_FILE": str(tmp_path / "y"),
    }
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    text = said(explain(rows.error().error_id, **none, **files))
    assert "no log was read: CloudWatch Logs cannot be asked (NoCredentialsError)" in text
    assert "created: panic error" in text


def test_a_step_of_another_error_is_not_in_the_story(rows: Rows, explain: Explain) -> None:
    step: Step = rows.candidate(rows.running(), "return true")
    assert "call 1: scripted asked" in said(explain(step.error_id))
    assert "scripted asked" not in said(explain(rows.error().error_id))
