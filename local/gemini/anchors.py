"""The beginnings that many prompts share, and which of them a prompt begins with.

The local backend goes back to such a beginning before each question. What it has cached then does
not depend on the questions before, and neither do the last digits of its arithmetic: without
that, the same question with the same seed is answered differently the second time.
"""

from dataclasses import dataclass

from local.gemini.protocol import GenerateContentRequest


@dataclass(frozen=True)
class Anchor:
    """A system instruction and how the first turn begins."""

    system: str | None
    text: str = ""

    def messages(self) -> list[dict[str, str]]:
        """As the beginning of a chat."""
        system = [] if self.system is None else [{"role": "system", "content": self.system}]
        return [*system, {"role": "user", "content": self.text}]


class Anchors:
    """The beginnings that were warmed up."""

    def __init__(self) -> None:
        self._known: set[Anchor] = set()

    def add(self, request: GenerateContentRequest) -> Anchor:
        """Keep the request's instruction and first turn as a beginning."""
        anchor = Anchor(_system(request), request.contents[0].text)
        self._known.add(anchor)
        return anchor

    def of(self, request: GenerateContentRequest) -> Anchor:
        """The longest known beginning of the request, or its system instruction alone."""
        system, text = _system(request), request.contents[0].text
        fitting = [a for a in self._known if a.system == system and text.startswith(a.text)]
        return max(fitting, key=lambda anchor: len(anchor.text), default=Anchor(system))


def _system(request: GenerateContentRequest) -> str | None:
    return request.system_instruction.text if request.system_instruction else None
