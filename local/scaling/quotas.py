"""Published limits: of AWS in us-east-1 by default, of Gemini in its first paid tier."""

from local.scaling.figures import Figures, figure

_GEMINI = (
    "published for Gemini 2.5 Flash in 2025; Google no longer publishes it per model: take yours "
    "from AI Studio"
)
_KNOWN = "quotas page as it was known in 2026; not looked up anew"


class Quotas(Figures):
    """What is allowed. A quota that was raised is given as a variable."""

    gemini_rpm: float = figure(1000, "requests a minute", f"tier 1, {_GEMINI}", gt=0)
    gemini_tpm: float = figure(1_000_000, "input tokens a minute", f"tier 1, {_GEMINI}", gt=0)
    gemini_rpd: float = figure(10_000, "requests a day", f"tier 1, {_GEMINI}", gt=0)
    gemini_spend: float = figure(
        250, "USD a month", "tier 1; tier 2 has 2,000, tier 3 20,000 and more; 2026-05", gt=0
    )
    lambda_concurrency: float = figure(1000, "at once", "Lambda quotas, 2026-11-23", gt=0)
    lambda_scaling: float = figure(
        1000, "new environments a function in 10 s", "Lambda scaling, 2026-11-23", gt=0
    )
    max_connections: float = figure(
        0, "connections", "0: the default of RDS, memory / 9,531,392, at most 5,000"
    )
    start_execution: float = figure(
        300, "a second, 1,300 at once", "Step Functions quotas of 2023, read 2026-11-23", gt=0
    )
    state_transitions: float = figure(
        1500,
        "a second, 5,000 at once",
        "Step Functions quotas of 2023, read 2026-11-23; believed to be 5,000 a second since",
        gt=0,
    )
    open_executions: float = figure(1_000_000, "open", "Step Functions quotas of 2023", gt=0)
    get_parameter: float = figure(40, "a second", "Systems Manager quotas, 2026-11-23", gt=0)
    get_secret_value: float = figure(10_000, "a second", f"Secrets Manager {_KNOWN}", gt=0)
    kms_requests: float = figure(100_000, "a second", f"KMS {_KNOWN}", gt=0)
    put_log_events: float = figure(5000, "a second", f"CloudWatch Logs {_KNOWN}", gt=0)
    put_events: float = figure(10_000, "a second", "EventBridge quotas, 2026-11-23", gt=0)
    event_targets: float = figure(18_750, "a second", "EventBridge quotas, 2026-11-23", gt=0)
    pg_net_requests: float = figure(200, "a second", f"Supabase's page on pg_net, {_KNOWN}", gt=0)
    sqs_concurrency: float = figure(
        1250, "invocations of a queue at once", "Lambda with SQS, 2026-11-23", gt=0
    )
    shard_records: float = figure(1000, "records a shard and second", f"Kinesis {_KNOWN}", gt=0)
