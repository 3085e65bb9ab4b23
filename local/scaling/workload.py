"""What is assumed of the errors, of one regeneration, and of the machines it runs on.

"Measured" is: on the local stack with scripted answers, 2026-11-23, two cores of an AMD EPYC; the
bytes and milliseconds are means over twenty to sixty warm invocations. SHOW=measured takes those of
the functions anew. What is "assumed" was never measured on AWS or with Gemini.
"""

from typing import Literal, Self

from pydantic import model_validator

from local.scaling.figures import Figures, figure

WAYS = Literal["aws_lambda", "pg_net", "eventbridge", "sqs", "kinesis"]
_REPORT = "report tests/evals/reports/test-half-2026-11-23.json (82 cases, local model)"
_MEASURED = "measured"
_ASSUMED = "assumed"


class Workload(Figures):
    """The load and what one error of it takes. Shares are between 0 and 1."""

    duplicates: float = figure(
        0.9,
        "share of all errors",
        "assumed: a filter that fails on 5-minute candles for 50 minutes is one problem in ten "
        "errors; yours is in the metrics duplicates and errors_in",
        le=1,
    )
    mechanical: float = figure(0.585, "share of new problems", f"48 of 82, {_REPORT}", le=1)
    one_turn: float = figure(0.44, "share of those asked about", f"15 of 34, {_REPORT}", le=1)
    two_turns: float = figure(
        0.15,
        "share of those asked about; the rest takes three attempts",
        f"5 of 34, {_REPORT}",
        le=1,
    )
    peak: float = figure(1, "times the mean, in the busiest minute", "the rate is sustained", ge=1)
    errors_per_statement: float = figure(1, "rows", "one insert per error", ge=1)
    way_in: WAYS = figure("aws_lambda", "way in", "RDS and Aurora")

    input_tokens: float = figure(
        1700, "tokens a question", "measured 1,290 for a short filter, by four characters a token"
    )
    output_tokens: float = figure(150, "tokens a question", f"400 characters, {_REPORT}")
    thinking_tokens: float = figure(
        1024, "tokens a question", "assumed: all of GeminiThinkingBudget"
    )
    question_bytes: float = figure(
        12000, "bytes a question, out", f"{_ASSUMED}: with TLS and headers"
    )
    answer_bytes: float = figure(6000, "bytes a question, back", _ASSUMED)
    gemini_seconds: float = figure(8, "seconds an answer", _ASSUMED)

    trigger_ms: float = figure(18, "ms", _MEASURED)
    regenerate_ms: float = figure(52, "ms besides Gemini", _MEASURED)
    validate_ms: float = figure(105, "ms", "measured, while the machine had other work as well")
    propose_ms: float = figure(21, "ms", _MEASURED)
    sweep_ms: float = figure(15, "ms", "measured, with nothing to do")
    screener_ms: float = figure(9, "ms", "measured, a mean over its requests")
    screener_calls_per_turn: float = figure(2, "requests; one more for a proposal", _MEASURED)
    slowdown: float = figure(
        3,
        "times the measured ms",
        "assumed: 512 MB is 0.29 of a core on Lambda; the screener has one",
    )
    cold_share: float = figure(0.01, "share of invocations", "AWS: under 1 % as a rule", le=1)
    cold_seconds: float = figure(3, "seconds, billed since August 2025", _ASSUMED)

    trigger_log_bytes: float = figure(880, "bytes an invocation", _MEASURED)
    regenerate_log_bytes: float = figure(470, "bytes an invocation", _MEASURED)
    propose_log_bytes: float = figure(1495, "bytes a run, at its end", _MEASURED)
    validate_log_bytes: float = figure(0, "bytes an invocation", _MEASURED)
    sweep_log_bytes: float = figure(730, "bytes an invocation", _MEASURED)
    screener_log_bytes: float = figure(270, "bytes a request", _MEASURED)
    platform_log_bytes: float = figure(
        900, "bytes an invocation", "assumed: Lambda's own start and report records as JSON"
    )
    log_compression: float = figure(0.15, "stored bytes a byte", "AWS's pricing examples")
    custom_metrics: float = figure(
        40, "series", "assumed; 13 measured with fixes, failures and duplicates"
    )
    traces_sampled: float = figure(0.05, "share beyond one a second", "X-Ray's default rule", le=1)

    commits_per_admission: float = figure(3.7, "transactions", _MEASURED)
    commits_per_turn: float = figure(
        8, "transactions", "tests/integration/core/test_round_trips.py"
    )
    rds_memory_gb: float = figure(8, "GB", "assumed: a db.m*.large", gt=0)
    other_connections: float = figure(50, "connections", "assumed: the application's own")
    transaction_ms: float = figure(
        2, "ms a transaction", f"{_ASSUMED}; counts behind RDS Proxy alone"
    )
    rds_proxy_vcpus: float = figure(0, "vCPUs of the database; 0 without RDS Proxy", "none")
    nat_gateways: float = figure(
        0, "gateways; 0 without a VPC", "none; two where Postgres is private"
    )
    shards: float = figure(1, "shards of the Kinesis stream", "one", gt=0)

    @model_validator(mode="after")
    def _shares_fit(self) -> Self:
        if self.one_turn + self.two_turns > 1:
            raise ValueError("ONE_TURN and TWO_TURNS are together more than 1")
        return self
