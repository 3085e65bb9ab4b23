"""The machine that figures were taken on."""

import os
import platform
import re
from pathlib import Path


def machine() -> str:
    """Its processors, Python and load, as a line for the head of a table."""
    told = Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*: (.*)", told)
    name = model[1] if model else platform.machine()
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} x {name}, Python {platform.python_version()}, load {load:.1f}"
