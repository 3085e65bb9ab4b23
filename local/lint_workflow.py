"""`python -m local.lint_workflow`: cfn-lint on the state machine.

cfn-lint looks into a state machine only where its definition stands in the template; SAM's
DefinitionUri hides it. So it is wrapped in a template of its own, with its substitutions.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from local.folder import ROOT

WORKFLOW = ROOT / "src/workflow/regeneration.asl.json"
_ARN = "arn:aws:lambda:us-east-1:123456789012:function:filtermend"


def main() -> int:
    """Lint; returns cfn-lint's exit code."""
    text = WORKFLOW.read_text()
    text = text.replace("${BackoffSeconds}", "0,300,1800")
    definition = json.loads(re.sub(r"\$\{\w+FunctionArn\}", _ARN, text))
    template = {
        "Resources": {
            "Regeneration": {
                "Type": "AWS::StepFunctions::StateMachine",
                "Properties": {
                    "RoleArn": "arn:aws:iam::123456789012:role/workflow",
                    "Definition": definition,
                },
            }
        }
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "workflow.json"
        path.write_text(json.dumps(template))
        linter = Path(sys.executable).parent / "cfn-lint"
        return subprocess.run([str(linter), str(path)], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
