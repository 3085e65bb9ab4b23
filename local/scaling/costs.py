"""What a load costs in a month of 30 days, in USD, by part."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import inf

from filtermend.prices import price_table
from filtermend.rules.cost import Price, price_of
from local.scaling import ScalingError
from local.scaling.aws_prices import AwsPrices
from local.scaling.load import FUNCTIONS, MONTH_SECONDS, Load

HOURS = MONTH_SECONDS / 3600
GB = 1e9
MILLION = 1e6
ARM_TIERS = ((7.5e9, 1.0), (11.25e9, 0.9), (inf, 0.8))
X86_TIERS = ((6e9, 1.0), (9e9, 0.9), (inf, 0.8))
LOG_TIERS = ((10_000, 1.0), (20_000, 0.5), (20_000, 0.2), (inf, 0.1))
"""How much is charged at which part of the first price: GB-seconds (Lambda pricing), and GB of
Lambda's logs (CloudWatch pricing since May 2025)."""
IDLE_POLLS = 5 / 20
"""Lambda's five pollers ask a queue, each for 20 s, whether there is anything or not."""
PROXY_LEAST_VCPUS = 2


@dataclass(frozen=True)
class Part:
    """A line of the bill."""

    name: str
    usd: float


@dataclass(frozen=True)
class Terms:
    """At what prices, and with which of the template's choices.

    Attributes:
        aws: AWS's prices.
        gemini: the model's price.
        architecture: arm64 or x86_64.
        retention_days: how long logs are kept.
    """

    aws: AwsPrices
    gemini: Price
    architecture: str
    retention_days: float


def gemini_price(model: str, day: date) -> Price:
    """The price of the package's table.

    Raises:
        ScalingError: the table has none for this model on this day.
    """
    price = price_of(model, day, price_table())
    if price is None:
        known = ", ".join(sorted({entry.model for entry in price_table()}))
        raise ScalingError(f"GEMINI_MODEL: no price for {model} on {day}; there are {known}")
    return price


def monthly(load: Load, terms: Terms) -> list[Part]:
    """Every part of the bill; a part that the load does not use costs 0."""
    return [
        Part("Gemini", gemini(load, terms)),
        *(Part(f"Lambda {name}", _function(load, terms, name)) for name in FUNCTIONS),
        Part("Step Functions", _a_month(load.transitions) / 1000 * terms.aws.transitions_usd),
        Part("CloudWatch logs", _logs(load, terms)),
        Part("CloudWatch metrics, alarms, dashboard", _watching(load, terms)),
        Part("X-Ray", _traces(load) / MILLION * terms.aws.traces_usd),
        Part("ways in (SQS, EventBridge, Kinesis)", _ways_in(load, terms)),
        Part("secret, key, parameters", _secrets(load, terms)),
        Part("NAT and data out", _network(load, terms)),
        Part("RDS Proxy", _proxy(load, terms)),
    ]


def gemini(load: Load, terms: Terms) -> float:
    """What the model's answers cost in a month."""
    given = load.workload
    written = given.output_tokens + given.thinking_tokens
    tokens = given.input_tokens * float(terms.gemini.input) + written * float(terms.gemini.output)
    return _a_month(load.questions) * tokens / MILLION


def total(parts: Sequence[Part]) -> float:
    """The bill's sum."""
    return sum(part.usd for part in parts)


def fixed(load: Load, terms: Terms) -> float:
    """What it costs when nothing fails."""
    return total(monthly(replace(load, errors=0), terms))


def of_duplicates(load: Load, terms: Terms) -> float:
    """What the bill would lack without the duplicates."""
    no_duplicates = load.workload.model_copy(update={"duplicates": 0})
    alone = replace(load, errors=load.problems, workload=no_duplicates)
    return total(monthly(load, terms)) - total(monthly(alone, terms))


def tiered(amount: float, price: float, tiers: Sequence[tuple[float, float]]) -> float:
    """The price of an amount, each tier of it at its part of the first price."""
    usd = 0.0
    for size, part in tiers:
        usd += min(amount, size) * price * part
        amount = max(0, amount - size)
    return usd


def _a_month(per_second: float) -> float:
    return per_second * MONTH_SECONDS


def _function(load: Load, terms: Terms, name: str) -> float:
    """Requests and GB-seconds. The account's tiers are shared by its functions in proportion."""
    arm = terms.architecture == "arm64"
    price, tiers = (
        (terms.aws.arm_gb_second_usd, ARM_TIERS)
        if arm
        else (terms.aws.x86_gb_second_usd, X86_TIERS)
    )
    used = {f: _a_month(load.concurrency[f]) * load.machine.memory_gb.get(f, 0) for f in FUNCTIONS}
    together = sum(used.values())
    share = used[name] / together if together else 0
    requests = _a_month(load.invocations[name]) / MILLION * terms.aws.lambda_requests_usd
    return requests + share * tiered(together, price, tiers)


def _logs(load: Load, terms: Terms) -> float:
    written = _a_month(load.log_bytes) / GB
    kept = written * load.workload.log_compression * terms.retention_days / 30
    return tiered(written, terms.aws.log_gb_usd, LOG_TIERS) + kept * terms.aws.log_gb_month_usd


def _watching(load: Load, terms: Terms) -> float:
    machine, aws = load.machine, terms.aws
    series = load.workload.custom_metrics * aws.metric_usd
    return series + machine.alarm_metrics * aws.alarm_usd + machine.dashboards * aws.dashboard_usd


def _traces(load: Load) -> float:
    """Traces that X-Ray keeps in a month: the first of each second, and a share of the others."""
    begun = load.triggers + load.problems + load.invocations["sweep"]
    first = min(1, begun)
    return _a_month(first + (begun - first) * load.workload.traces_sampled)


def _ways_in(load: Load, terms: Terms) -> float:
    """The stack's queue is read whether it is used or not."""
    given, aws = load.workload, terms.aws
    errors = _a_month(load.errors)
    usd = _a_month(IDLE_POLLS) * load.machine.queues_read / MILLION * aws.sqs_requests_usd
    if given.way_in == "eventbridge":
        usd += errors / MILLION * aws.events_usd
    elif given.way_in == "sqs":  # sent, received, deleted
        usd += 3 * errors / MILLION * aws.sqs_requests_usd
    elif given.way_in == "kinesis":
        usd += given.shards * HOURS * aws.shard_hour_usd + errors / MILLION * aws.put_units_usd
    return usd


def _secrets(load: Load, terms: Terms) -> float:
    aws, machine = terms.aws, load.machine
    kept = machine.secrets * aws.secret_usd + machine.keys * aws.key_usd
    reads = _a_month(load.secret_reads) / 1e4
    parameters = _a_month(load.parameter_reads) / 1e4
    return (
        kept
        + reads * (aws.secret_calls_usd + aws.key_calls_usd)
        + parameters * aws.parameter_calls_usd
    )


def _network(load: Load, terms: Terms) -> float:
    given, aws = load.workload, terms.aws
    sent = _a_month(load.questions) * given.question_bytes / GB
    answered = _a_month(load.questions) * given.answer_bytes / GB
    translated = (sent + answered) * aws.nat_gb_usd if given.nat_gateways else 0
    return sent * aws.out_gb_usd + translated + given.nat_gateways * HOURS * aws.nat_hour_usd


def _proxy(load: Load, terms: Terms) -> float:
    cores = load.workload.rds_proxy_vcpus
    return max(cores, PROXY_LEAST_VCPUS) * HOURS * terms.aws.proxy_hour_usd if cores else 0
