"""How much of each published limit a load uses, and what moves the limit."""

from collections.abc import Callable
from dataclasses import dataclass

from local.scaling.load import CONNECTED, Load
from local.scaling.quotas import Quotas

RDS_BYTES_PER_CONNECTION = 9_531_392
RDS_MOST_CONNECTIONS = 5000
"""LEAST(DBInstanceClassMemory / 9531392, 5000): RDS for PostgreSQL's own default."""
SCALING_SECONDS = 10
DAY_SECONDS = 24 * 3600
SLOWEST, FASTEST = 1e-6, 1e9
"""Errors a second between which a limit is looked for."""
BISECTIONS = 40


@dataclass(frozen=True)
class Limit:
    """A limit and what a load needs of it, in the same unit.

    Attributes:
        name: what is limited.
        needed: by the load.
        allowed: by the service or the database.
        unit: of both.
        moved_by: the parameter, setting or request that moves it.
    """

    name: str
    needed: float
    allowed: float
    unit: str
    moved_by: str

    @property
    def used(self) -> float:
        """The share that is used; more than 1 is too much."""
        return self.needed / self.allowed


def limits(load: Load, gemini_usd: float, quotas: Quotas) -> list[Limit]:
    """Every limit of this load.

    Args:
        load: errors in the mean; what is counted per second or minute is `peak` times as much.
        gemini_usd: what Gemini costs in the month.
        quotas: what is allowed.
    """
    return [
        *_gemini(load, gemini_usd, quotas),
        *_lambda(load, quotas),
        _connections(load, quotas),
        *_step_functions(load, quotas),
        *_reads_and_logs(load, quotas),
        *_ways_in(load, quotas),
    ]


def reached_at(used: Callable[[float], float]) -> float:
    """The errors a second at which a share that grows with them is 1."""
    least, most = SLOWEST, FASTEST
    for _ in range(BISECTIONS):
        middle = (least * most) ** 0.5
        least, most = (middle, most) if used(middle) < 1 else (least, middle)
    return most


def _gemini(load: Load, usd: float, quotas: Quotas) -> list[Limit]:
    a_minute = 60 * load.questions * load.workload.peak
    raise_it = "a higher tier, or Vertex AI: GeminiApi (GEMINI_RPM, _TPM, _RPD here)"
    return [
        Limit("Gemini requests a minute", a_minute, quotas.gemini_rpm, "requests", raise_it),
        Limit(
            "Gemini input tokens a minute",
            a_minute * load.workload.input_tokens,
            quotas.gemini_tpm,
            "tokens",
            raise_it,
        ),
        Limit(
            "Gemini requests a day",
            load.questions * DAY_SECONDS,
            quotas.gemini_rpd,
            "requests",
            raise_it,
        ),
        Limit(
            "Gemini USD a month",
            usd,
            quotas.gemini_spend,
            "USD",
            "a higher tier (GEMINI_SPEND here)",
        ),
    ]


def _lambda(load: Load, quotas: Quotas) -> list[Limit]:
    at_once = {name: load.workload.peak * used for name, used in load.concurrency.items()}
    return [
        Limit(
            "Lambda at once",
            sum(at_once.values()),
            quotas.lambda_concurrency,
            "invocations",
            "Service Quotas (LAMBDA_CONCURRENCY here)",
        ),
        Limit(
            f"Lambda new environments in {SCALING_SECONDS} s",
            max(at_once.values()),
            quotas.lambda_scaling,
            "of one function",
            "nothing; the workflow tries again meanwhile",
        ),
    ]


def _connections(load: Load, quotas: Quotas) -> Limit:
    """One connection an environment; behind RDS Proxy, one a transaction that is open."""
    given = load.workload
    memory = given.rds_memory_gb * 2**30
    most = quotas.max_connections or min(memory // RDS_BYTES_PER_CONNECTION, RDS_MOST_CONNECTIONS)
    if given.rds_proxy_vcpus:
        needed = load.transactions * given.peak * given.transaction_ms / 1000
    else:
        needed = sum(max(1, load.concurrency[name] * given.peak) for name in CONNECTED)
    return Limit(
        "Postgres connections",
        needed + given.other_connections,
        most,
        "connections",
        "RDS Proxy (RDS_PROXY_VCPUS here), RegenerateConcurrency",
    )


def _step_functions(load: Load, quotas: Quotas) -> list[Limit]:
    peak = load.workload.peak
    ask = "Service Quotas"
    return [
        Limit(
            "StartExecution a second", load.problems * peak, quotas.start_execution, "calls", ask
        ),
        Limit(
            "state transitions a second",
            load.transitions * peak,
            quotas.state_transitions,
            "transitions",
            ask,
        ),
        Limit(
            "open executions",
            load.problems * load.open_seconds,
            quotas.open_executions,
            "executions",
            f"{ask}, BackoffSeconds, MaxAttempts",
        ),
    ]


def _reads_and_logs(load: Load, quotas: Quotas) -> list[Limit]:
    peak = load.workload.peak
    return [
        Limit(
            "SSM GetParameter a second",
            load.parameter_reads * peak,
            quotas.get_parameter,
            "calls",
            "higher throughput (GET_PARAMETER=10000 PARAMETER_CALLS_USD=0.05 here)",
        ),
        Limit(
            "GetSecretValue a second",
            load.secret_reads * peak,
            quotas.get_secret_value,
            "calls",
            "nothing needed",
        ),
        Limit(
            "KMS a second",
            load.secret_reads * peak,
            quotas.kms_requests,
            "requests",
            "nothing needed",
        ),
        Limit(
            "PutLogEvents a second",
            sum(load.invocations.values()) * peak,
            quotas.put_log_events,
            "calls, one an invocation at most",
            "Service Quotas",
        ),
    ]


def _ways_in(load: Load, quotas: Quotas) -> list[Limit]:
    """aws_lambda.invoke has no limit of its own: Lambda queues what comes asynchronously."""
    given = load.workload
    errors, triggers = load.errors * given.peak, load.triggers * given.peak
    match given.way_in:
        case "eventbridge":
            ask = "Service Quotas"
            return [
                Limit("EventBridge PutEvents a second", errors, quotas.put_events, "calls", ask),
                Limit("EventBridge targets a second", errors, quotas.event_targets, "calls", ask),
            ]
        case "pg_net":
            more = "one insert for many rows (ERRORS_PER_STATEMENT here)"
            return [
                Limit(
                    "pg_net requests a second", triggers, quotas.pg_net_requests, "requests", more
                )
            ]
        case "sqs":
            at_once = load.concurrency["trigger"] * given.peak
            more = "provisioned mode of the queue's event source"
            return [
                Limit("SQS batches at once", at_once, quotas.sqs_concurrency, "invocations", more)
            ]
        case "kinesis":
            one_by_one = given.errors_per_statement / load.warm_seconds("trigger")
            most = given.shards * min(quotas.shard_records, one_by_one)
            more = "shards; ParallelizationFactor of ErrorStream in template.yaml"
            return [Limit("Kinesis records a second", errors, most, "records", more)]
        case "aws_lambda":
            return []
