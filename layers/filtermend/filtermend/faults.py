"""What goes wrong outside of the rules, one class per cause.

A fault is raised where it is known and retried by the state machine. What a function
expects (no code in an answer, a spent budget, a duplicate) is an outcome it returns.
"""


class Fault(Exception):
    """The base of every fault. Its text holds no code, no market data and no secret."""


class SettingMissing(Fault):
    """A setting or a field of the secret is missing or unreadable; the text names it."""


class SettingUnavailable(Fault):
    """A secret or a parameter cannot be read now: its service is slow, down or throttles."""


class UndecodableEvent(Fault):
    """An event has none of the documented forms; the text says what was expected."""


class DatabaseUnavailable(Fault):
    """Postgres cannot be reached, or ended the connection twice in a row."""


class StatementRefused(Fault):
    """Postgres refused a statement; the text names the kind of error, not the row."""


class AlreadyThere(StatementRefused):
    """A unique index has what would be written."""


class AlertLost(Fault):
    """An alert was refused; it is sent again."""


class ValidatorUnavailable(Fault):
    """The Go backend gave no verdict: that says nothing about the code."""


class GeminiUnavailable(Fault):
    """Gemini could not be reached or failed on its side; nothing was billed."""


class AnswerLost(Fault):
    """A question was sent to Gemini and its answer never came: it may have been billed."""
