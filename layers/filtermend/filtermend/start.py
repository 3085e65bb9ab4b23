"""The first import of every function, and the last call of its start.

No garbage is looked for while modules are loaded: what a module makes stays, and looking through it
again and again is a tenth of a cold start.
"""

import gc
import os
import random
from importlib import import_module

gc.disable()

ON_LAMBDA = "AWS_LAMBDA_INITIALIZATION_TYPE"
SNAPSHOT = "snap-start"
"""The value of that, where a snapshot is taken of what was started."""
AWS = ("boto3", "aws_lambda_powertools.utilities.parameters")
"""What reading the secret takes."""
TRACING = ("filtermend.bounded_braintrust",)
"""What the first span takes, where errors are traced."""


def loaded(*first_event: str, in_snapshot: tuple[str, ...] = ()) -> None:
    """All is imported: collect from now on, and never go through what is there already.

    Nothing is opened before the first event, so that a snapshot holds no connection, no secret and
    no client: the copies that are started from it make their own.

    Args:
        first_event: modules that are imported where they are needed, by the first event at the
            latest. On Lambda they are loaded here: a function has a whole core while it starts,
            and its share of one afterwards.
        in_snapshot: modules that only some events need. A snapshot has them too: a function is
            started for it once, and nobody waits for that.
    """
    kind = os.environ.get(ON_LAMBDA)
    if kind is not None:
        for name in first_event:
            import_module(name)
    if kind == SNAPSHOT:
        for name in in_snapshot:
            import_module(name)
        _differ_after_restore()
    gc.freeze()
    gc.enable()


def _differ_after_restore() -> None:
    """Every copy of a snapshot has random numbers of its own: what tries again waits by them."""
    from snapshot_restore_py import register_after_restore  # AWS's runtime has it

    register_after_restore(random.seed)
