"""How each question is sampled: a repeat that asked the same way would be answered the same."""

from dataclasses import dataclass

from filtermend.settings import GeminiSettings

STEP = 0.2
"""How much warmer each further question is."""
WARMEST = 1.0
TURNS = 10
"""More turns than an attempt has: no two questions of a run share their seed."""


@dataclass(frozen=True)
class Sampling:
    """Temperature and seed of one question."""

    temperature: float
    seed: int


def sampling(settings: GeminiSettings, attempt: int, turn: int) -> Sampling:
    """The sampling of a turn: the settings' own at first, then warmer, with another seed."""
    repeats = 2 * (attempt - 1) + turn - 1
    warmer = max(settings.gemini_temperature, WARMEST)
    return Sampling(
        temperature=min(warmer, settings.gemini_temperature + STEP * repeats),
        seed=settings.gemini_seed + TURNS * (attempt - 1) + turn - 1,
    )
