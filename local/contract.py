"""`python -m local.contract`: write the screener's filter contract to `prompts/`."""

import subprocess

import httpx

from local.folder import ROOT, TOOLS
from local.services import free_port
from local.stack import healthy

COPY = ROOT / "prompts/filter-contract.md"


def main() -> None:
    """Ask a screener started for it, and keep what it says."""
    COPY.write_text(from_screener())


def from_screener() -> str:
    """The contract that the built screener gives."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen([str(TOOLS / "screener"), "-port", str(port)]) as screener:
        try:
            while not healthy(url):
                screener.poll()
            return httpx.get(f"{url}/api/filter-contract").raise_for_status().text
        finally:
            screener.terminate()


if __name__ == "__main__":
    main()
