"""The first import of every function: no garbage is looked for while modules are loaded.

What a module makes stays. Looking through it again and again is a tenth of a cold start.
"""

import gc

gc.disable()


def loaded() -> None:
    """All is imported: collect from now on, and never go through what is there already."""
    gc.freeze()
    gc.enable()
