"""All that is looked at from where the functions are."""

from collections.abc import Callable
from dataclasses import dataclass

from filtermend import gemini
from filtermend.checkup.backend import look_at_backend
from filtermend.checkup.braintrust import look_at_braintrust, look_at_prompt
from filtermend.checkup.database import DatabaseCheckup
from filtermend.checkup.finding import Finding, Seen, unknown
from filtermend.checkup.model import look_at_model, look_at_price, look_at_stop
from filtermend.checkup.network import look_at_network
from filtermend.checkup.running import Check, run_checks
from filtermend.checkup.secret import look_at_secret, without_secrets
from filtermend.settings import (
    ControlSettings,
    DispatchSettings,
    GeminiSettings,
    Secret,
    TracingSettings,
    ValidatorSettings,
)

BACKEND_SECONDS = 13.0
"""Three questions, and the screener's own start on Lambda."""


@dataclass(frozen=True)
class Inside:
    """The settings of the functions, and how the secret is had."""

    load_secret: Callable[[], Secret]
    model: GeminiSettings
    control: ControlSettings
    dispatch: DispatchSettings
    tracing: TracingSettings
    backend: ValidatorSettings

    def findings(self) -> list[Finding]:
        """What was found; the secret comes first, since most of the others need it."""
        read: list[Secret] = []

        def load() -> Secret:
            read.append(self.load_secret())
            return read[-1]

        found = run_checks([Check("secret", lambda: look_at_secret(load, self.backend))])
        secret = read[0] if read else None
        found += run_checks([*self._with(secret), *self._without()])
        return [without_secrets(finding, secret) for finding in found] if secret else found

    def _with(self, secret: Secret | None) -> list[Check]:
        """What needs the secret."""
        if secret is None:
            names = ("database", "migrations", "database triggers", "dispatch", "outbound network",
                     "model", "prompt", "Braintrust", "Go backend")  # fmt: skip
            return [Check(name, _no_secret) for name in names]
        database = DatabaseCheckup(secret, self.dispatch)
        outside = [gemini.address(self.model)]
        if secret.braintrust_api_key:
            outside.append(self.tracing.braintrust_api_url)
        key, token = secret.braintrust_api_key, secret.go_backend_token
        return [
            Check("database", database.look_at_server),
            Check("migrations", database.look_at_migrations),
            Check("database triggers", database.look_at_triggers),
            Check("dispatch", database.look_at_dispatch),
            Check("outbound network", lambda: look_at_network(outside)),
            Check("model", lambda: look_at_model(self.model, secret.gemini_api_key)),
            Check("prompt", lambda: look_at_prompt(self.tracing, key)),
            Check("Braintrust", lambda: look_at_braintrust(self.tracing, key)),
            Check("Go backend", lambda: look_at_backend(self.backend, token), BACKEND_SECONDS),
        ]

    def _without(self) -> list[Check]:
        return [
            Check("price", lambda: look_at_price(self.model, self.control)),
            Check("stop", lambda: look_at_stop(self.control)),
        ]


def _no_secret() -> Seen:
    return unknown("it needs the secret: see there")
