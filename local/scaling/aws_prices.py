"""AWS's prices in USD, us-east-1, without free tiers; Gemini's are in the package's price table."""

from local.scaling.figures import Figures, figure

_KNOWN = "price page as it was known in 2026; not looked up anew"


class AwsPrices(Figures):
    """A price per unit. Where AWS has tiers, `costs` has the steps and this the first one."""

    lambda_requests_usd: float = figure(0.20, "a million", "Lambda pricing, looked up 2026-11-23")
    arm_gb_second_usd: float = figure(0.0000133334, "a GB-second", "Lambda pricing, 2026-11-23")
    x86_gb_second_usd: float = figure(0.0000166667, "a GB-second", "Lambda pricing, 2026-11-23")
    transitions_usd: float = figure(0.025, "a thousand", "Step Functions pricing, 2026-11-23")
    log_gb_usd: float = figure(0.50, "a GB", "CloudWatch pricing (Lambda logs), 2026-11-23")
    log_gb_month_usd: float = figure(0.03, "a GB and month", "CloudWatch pricing, 2026-11-23")
    metric_usd: float = figure(0.30, "a series and month", "CloudWatch pricing, 2026-11-23")
    alarm_usd: float = figure(0.10, "a metric of an alarm", "CloudWatch pricing, 2026-11-23")
    dashboard_usd: float = figure(3, "each", "CloudWatch pricing, 2026-11-23")
    traces_usd: float = figure(5, "a million", f"X-Ray {_KNOWN}")
    sqs_requests_usd: float = figure(0.40, "a million", f"SQS {_KNOWN}")
    events_usd: float = figure(1, "a million", f"EventBridge {_KNOWN}")
    shard_hour_usd: float = figure(0.015, "an hour", f"Kinesis {_KNOWN}")
    put_units_usd: float = figure(0.014, "a million", f"Kinesis {_KNOWN}")
    secret_usd: float = figure(0.40, "each", f"Secrets Manager {_KNOWN}")
    secret_calls_usd: float = figure(0.05, "ten thousand", f"Secrets Manager {_KNOWN}")
    key_usd: float = figure(1, "each", f"KMS {_KNOWN}")
    key_calls_usd: float = figure(0.03, "ten thousand", f"KMS {_KNOWN}")
    parameter_calls_usd: float = figure(
        0, "ten thousand; 0.05 with higher throughput", f"Systems Manager {_KNOWN}"
    )
    nat_hour_usd: float = figure(0.045, "an hour", "VPC pricing, 2026-11-23")
    nat_gb_usd: float = figure(0.045, "a GB", "VPC pricing, 2026-11-23")
    out_gb_usd: float = figure(0.09, "a GB", "EC2 data transfer, 2026-11-23")
    proxy_hour_usd: float = figure(0.015, "a vCPU and hour, at least two", f"RDS Proxy {_KNOWN}")
