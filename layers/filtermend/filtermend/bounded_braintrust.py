"""Braintrust's SDK, bounded: it reads these when it is imported, and by default blocks for minutes.

Its import takes as long as that of all else together, so that nothing imports this before the first
span; a snapshot has it.
"""

import os
from tempfile import gettempdir

os.environ.update(
    BRAINTRUST_NUM_RETRIES="0",
    BRAINTRUST_DISABLE_ATEXIT_FLUSH="1",
    BRAINTRUST_SYNC_FLUSH="1",
)
os.environ.setdefault("BRAINTRUST_PROMPT_CACHE_DIR", f"{gettempdir()}/braintrust")

import braintrust

__all__ = ["braintrust"]
