"""The dashboard of template.yaml, drawn with the local stack's figures.

The local AWS makes no metrics of the functions' log lines, has none of Step Functions and SQS and
no metric math. So the figures are read where they begin: one module per source (`emf`,
`functions`, `executions`, `queues`), and `body`, `expression` and `insights` understand what the
dashboard says.
"""


class DashboardError(Exception):
    """The dashboard cannot be drawn; the message names what it is about."""
