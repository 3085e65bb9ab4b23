"""The pipeline's three tools, built by the Lambdas' own modules from the Lambdas' own settings."""

import os
from collections.abc import Collection

from evals import ablation, lambdas
from evals.pipeline import Tools
from filtermend.database import Database
from filtermend.proposal import Proposal
from filtermend.regeneration import Regenerator
from filtermend.settings import GeminiSettings, Secret
from filtermend.validation import Validation

SPARE_SECONDS = 60
"""What a call's process has beyond the time the model may take."""
TRIAL_SEEDS = 100
"""A run's questions have seeds of their own, a few from the first; each trial begins further on."""


def build(
    database: Database, secret: Secret, seed: int, trial: int, left_out: Collection[str] = ()
) -> Tools:
    """The tools for a trial of an eval whose first question has this seed.

    Args:
        database: the eval's.
        secret: with Gemini's key.
        seed: of the first trial's first question.
        trial: from 1.
        left_out: steps that are left out, see `ablation`.
    """
    os.environ["GEMINI_SEED"] = str(seed + TRIAL_SEEDS * (trial - 1))
    apps = [lambdas.load(name) for name in ("regenerate", "validate", "propose")]
    for app in apps:
        vars(app)["database"] = database
    regenerator: Regenerator = apps[0].regenerator(secret)
    validation: Validation = apps[1].validation(secret)
    regenerator, validation = ablation.without(left_out, regenerator, validation)
    proposal: Proposal = apps[2].proposal(secret)
    remaining_seconds = GeminiSettings.load().gemini_timeout_seconds + SPARE_SECONDS
    return {
        "regenerate": lambda step: regenerator.run(step, remaining_seconds),
        "validate": validation.run,
        "propose": proposal.run,
    }
