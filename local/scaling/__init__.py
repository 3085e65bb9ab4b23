"""What a load costs per month, and which limit it reaches first.

Arithmetic on figures that are named, with their units and sources, in `workload`, `aws_prices` and
`quotas`, and on what template.yaml and the state machine say themselves. Free tiers are left out.
"""


class ScalingError(Exception):
    """A variable cannot be used; the message says what it may be."""
