"""Each question of a run is asked in another way."""

from itertools import pairwise

from filtermend.rules.sampling import WARMEST, Sampling, sampling
from filtermend.settings import GeminiSettings

PLACES = [(attempt, turn) for attempt in (1, 2, 3) for turn in (1, 2)]


def test_the_first_question_is_asked_as_the_settings_say() -> None:
    settings = GeminiSettings(gemini_temperature=0.3, gemini_seed=7)
    assert sampling(settings, 1, 1) == Sampling(temperature=0.3, seed=7)


def test_no_two_questions_share_a_seed() -> None:
    seeds = [sampling(GeminiSettings(), *place).seed for place in PLACES]
    assert len(set(seeds)) == len(PLACES)


def test_each_further_question_is_warmer_up_to_a_limit() -> None:
    warmth = [sampling(GeminiSettings(), *place).temperature for place in PLACES]
    assert all(later > earlier or later == WARMEST for earlier, later in pairwise(warmth))
    assert max(warmth) == WARMEST


def test_settings_that_are_warmer_stay_so() -> None:
    settings = GeminiSettings(gemini_temperature=1.5)
    assert {sampling(settings, *place).temperature for place in PLACES} == {1.5}
