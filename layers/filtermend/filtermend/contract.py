"""The filter contract for the prompt: the backend's own, else the one shipped with the package."""

from functools import cache
from importlib.resources import files

from filtermend.faults import ValidatorUnavailable
from filtermend.telemetry import logger
from filtermend.validator import Validator


@cache
def filter_contract(backend: Validator) -> str:
    """What a filter may use, asked for once per process.

    A backend that has no such endpoint, or cannot be reached now, does not hold up a repair.
    """
    try:
        contract = backend.contract()
    except ValidatorUnavailable as fault:
        logger.warning("using the bundled filter contract", extra={"cause": str(fault)})
        contract = None
    return contract or files("filtermend").joinpath("prompts/filter-contract.md").read_text("utf-8")
