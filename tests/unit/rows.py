"""Rows as Postgres would give them, with everything ordinary but what a test names."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from filtermend.models import CallOutcome, CallRow, ErrorRow, Status, TraderRow

ERROR_ID = UUID("0a4f6c52-4f2b-4f0e-8b62-8f6f0c7d1e90")
TRADER_ID = UUID("6f6b2f3a-7a0e-4c8e-9a53-0c6f9f1d2b41")
USER_ID = UUID("11111111-1111-4111-8111-111111111111")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def error_row(**changes: Any) -> ErrorRow:
    row = {
        "id": ERROR_ID,
        "trader_id": TRADER_ID,
        "user_id": USER_ID,
        "error_type": "runtime",
        "error_message": "index out of range [5] with length 3",
        "stack_trace": "goroutine 1 [running]",
        "trigger_interval": "5m",
        "symbols_processed": 12,
        "execution_duration_ms": 34,
        "filter_code_snapshot": 'return data.Klines["5m"][5].Close > 1',
        "regeneration_count": 0,
        "created_at": NOW,
        "resolved_at": None,
        "regeneration_status": Status.PENDING,
        "regeneration_reason": None,
        "regeneration_run": None,
        "regeneration_first_run": None,
        "regeneration_breakdowns": None,
        "proposed_fix_validated": None,
        "proposed_fix_replayed": None,
    }
    return ErrorRow.model_validate(row | changes)


def trader_row(**changes: Any) -> TraderRow:
    row = {
        "id": TRADER_ID,
        "user_id": USER_ID,
        "name": "Dip buyer",
        "description": "Buys dips",
        "filter": {"code": "return true", "requiredTimeframes": ["5m", "1h"]},
        "strategy": {"instructions": "Buy when RSI is below 30."},
    }
    return TraderRow.model_validate(row | changes)


def call_row(**changes: Any) -> CallRow:
    row = {
        "id": UUID(int=1),
        "error_id": ERROR_ID,
        "user_id": USER_ID,
        "run": 1,
        "attempt": 1,
        "turn": 1,
        "call": 1,
        "source": "model",
        "model": "scripted",
        "model_version": "scripted-1",
        "prompt_version": "1",
        "prompt_source": "bundled",
        "outcome": CallOutcome.CANDIDATE,
        "answer": "```go\nreturn true\n```",
        "finish_reason": "STOP",
        "candidate_code": "return true",
        "normalized_code": None,
        "valid": None,
        "replayed": None,
        "diagnostics": None,
        "input_tokens": 100,
        "output_tokens": 20,
        "thinking_tokens": 0,
        "cached_tokens": 0,
        "cost_usd": Decimal("0.001"),
        "reserved_usd": Decimal("0.01"),
        "lease_until": None,
        "trace_id": None,
        "started_at": NOW,
        "sent_at": NOW,
        "finished_at": NOW,
    }
    return CallRow.model_validate(row | changes)
