"""The doctor Lambda: looks at what a stack needs, from where its functions are and as they do.

Invoked by `make doctor`. It changes nothing, starts nothing and costs nothing.
"""

from filtermend import start  # the first: see there

# isort: split

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from filtermend import aws
from filtermend.checkup.finding import Checkup
from filtermend.checkup.inside import Inside
from filtermend.settings import (
    ControlSettings,
    DispatchSettings,
    GeminiSettings,
    Secret,
    TracingSettings,
    ValidatorSettings,
)
from filtermend.telemetry import logger, metrics


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """The findings, one for each part; whatever is broken is in them, and fails nothing."""
    aws.forget()
    inside = Inside(
        load_secret=Secret.load,
        model=GeminiSettings.load(),
        control=ControlSettings.load(),
        dispatch=DispatchSettings.load(),
        tracing=TracingSettings.load(),
        backend=ValidatorSettings.load(),
    )
    return Checkup(findings=inside.findings()).model_dump(mode="json")


start.loaded(*start.AWS)
