"""`python -m local.lint_security`: checkov on what CloudFormation gets.

The roles, policies and function URLs that SAM makes are not in template.yaml, so checkov looks at
the translated template. What it is to skip, and why, is in `.checkov.yaml` and in the template.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from local.folder import ROOT, TOOLS
from local.template import translated


def main() -> int:
    """Check; returns checkov's exit code, 1 when it found something."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.json"
        path.write_text(json.dumps(translated(), indent=2))
        checkov = [str(TOOLS / "checkov/bin/checkov"), "--config-file", str(ROOT / ".checkov.yaml")]
        return subprocess.run(
            [*checkov, "--file", path.name],
            cwd=folder,
            check=False,
            env=os.environ | {"CKV_SKIP_PACKAGE_UPDATE_CHECK": "true"},  # asks PyPI otherwise
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
