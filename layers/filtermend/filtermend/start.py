"""The first import of every function, and the last call of its start.

No garbage is looked for while modules are loaded: what a module makes stays, and looking through it
again and again is a tenth of a cold start.
"""

import gc
import os
from importlib import import_module

gc.disable()

ON_LAMBDA = "AWS_LAMBDA_INITIALIZATION_TYPE"
AWS = ("boto3", "aws_lambda_powertools.utilities.parameters")
"""What reading the secret takes."""


def loaded(*first_event: str) -> None:
    """All is imported: collect from now on, and never go through what is there already.

    Args:
        first_event: modules that are imported where they are needed, by the first event at the
            latest. On Lambda they are loaded here: a function has a whole core while it starts,
            and its share of one afterwards.
    """
    if ON_LAMBDA in os.environ:
        for name in first_event:
            import_module(name)
    gc.freeze()
    gc.enable()
