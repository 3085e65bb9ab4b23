"""What can be broken in a stack, and what the doctor says of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from e2e.breaking import (
    PASSWORD,
    backend_that_says,
    braintrust_refuses,
    dead_letter,
    disabled_queue,
    disabled_rule,
    gemini_takes,
    prompt_without_the_code,
    ringing,
    secret,
    silent_gemini,
    sql,
    stopped,
    unknown_model,
    unsubscribed,
    variables,
    wrong_password,
)
from e2e.stack import Deployed

NOWHERE = "http://127.0.0.1:1"
ERRORS = "alter table trader_execution_errors"
OTHER = "arn:aws:lambda:us-east-1:000000000000:function:another-stack"


@dataclass(frozen=True)
class Break:
    """Something broken, and what the doctor says of it."""

    how: Callable[[Deployed], AbstractContextManager[None]]
    check: str
    seen: str
    mend: str


BROKEN = {
    "the database is down": Break(
        lambda s: secret(s, database_url=f"postgresql://u:{PASSWORD}@127.0.0.1:1/db"),
        "database", "nothing listens at that address", "start the server, or mend the address",
    ),
    "the database's password is wrong": Break(
        wrong_password, "database", "user or password is wrong", "put the right ones into database_url of the secret",
    ),
    "a column was dropped": Break(
        lambda s: sql(s, f"{ERRORS} drop column execution_input"),
        "migrations", "1 missing or of another release: column trader_execution_errors.execution_input",
        "apply the migrations: make migrate ENV=…",
    ),
    "a function is an older one": Break(
        lambda s: sql(s, "create or replace function filtermend_dispatch(errors jsonb) returns void language sql as ''"),
        "migrations", "another function filtermend_dispatch(errors jsonb)", "apply the migrations",
    ),
    "the trigger is disabled": Break(
        lambda s: sql(s, f"{ERRORS} disable trigger filtermend_errors_inserted",
                      f"{ERRORS} enable trigger filtermend_errors_inserted"),
        "database triggers", "disabled: filtermend_errors_inserted",
        f"{ERRORS} enable trigger filtermend_errors_inserted",
    ),
    "the trigger was dropped": Break(
        lambda s: sql(s, "drop trigger filtermend_errors_inserted on trader_execution_errors"),
        "database triggers", "missing: filtermend_errors_inserted", "apply the migrations",
    ),
    "errors go to another stack": Break(
        lambda s: sql(s, f"update filter_regeneration_settings set dispatch = 'aws_lambda', target = '{OTHER}'",
                      "update filter_regeneration_settings set dispatch = 'notify', target = 'filtermend_errors'"),
        "dispatch", f"errors go by aws_lambda to {OTHER}, and this stack has Dispatch=none", "make migrate ENV=…",
    ),
    "errors are not pushed as the stack wants it": Break(
        lambda s: variables(s, DISPATCH="aws_lambda"),
        "dispatch", "and this stack has Dispatch=aws_lambda", "set it in samconfig.toml and make deploy ENV=…",
    ),
    "a field of the secret is empty": Break(
        lambda s: secret(s, gemini_api_key=""), "secret", "empty: gemini_api_key", "put them into the secret filtermend-local-Secret-",
    ),
    "there is no such model": Break(
        unknown_model, "model", "there is no model gemini-3.5-flash (404", "GeminiModel",
    ),
    "the key is refused": Break(
        lambda s: gemini_takes(s, keys=["another"]),
        "model", "Gemini refuses the key: 400 API_KEY_INVALID", "put a good gemini_api_key, one for GeminiApi=developer, into the secret",
    ),
    "Gemini never answers": Break(
        silent_gemini, "model", "Gemini gives no answer: ReadTimeout", "slow or down",
    ),
    "no way out": Break(
        lambda s: variables(s, GEMINI_BASE_URL=NOWHERE),
        "outbound network", "127.0.0.1:1 (Connection refused)", "NAT",
    ),
    "the model has no price": Break(
        lambda s: variables(s, GEMINI_MODEL="unpriced"),
        "price", "unpriced has no price", "make prices FILE=prices.json STACK=filtermend-local",
    ),
    "the prompt lacks the code": Break(
        prompt_without_the_code, "prompt", "user lacks {{{failed_code}}}", "make prompts",
    ),
    "Braintrust refuses the key": Break(
        braintrust_refuses, "Braintrust", "the key is refused: 401", "put a good braintrust_api_key",
    ),
    "the backend takes everything": Break(
        lambda s: backend_that_says(s, 200), "Go backend", "code that cannot compile is accepted", "look at GoBackendUrl",
    ),
    "the backend wants a login": Break(
        lambda s: backend_that_says(s, 403), "Go backend", "validate-filter answered 403", "GoBackendAuth=bearer",
    ),
    "the backend is away": Break(
        lambda s: variables(s, GO_BACKEND_URL=NOWHERE), "Go backend", "no verdict: /api/validate-filter: ConnectError", "GoBackendUrl",
    ),
    "all is stopped": Break(stopped, "stop", "all automatic calls are held", "make go STACK=filtermend-local"),
    "the sweep is disabled": Break(
        lambda s: disabled_rule(s, "SweepFunctionEveryMinute"),
        "event rules", "disabled: the sweep's schedule", "aws events enable-rule --name ",
    ),
    "the queue is not read": Break(
        disabled_queue, "event sources", "not read: filtermend-local-ErrorQueue", "aws lambda update-event-source-mapping --uuid",
    ),
    "a dead letter waits": Break(dead_letter, "dead letters", "1 waiting", "aws sqs receive-message --queue-url http"),
    "nobody is subscribed": Break(
        unsubscribed, "alarm topic", "nobody is told of an alarm", "aws sns subscribe --topic-arn arn:aws:sns:",
    ),
    "an alarm rings": Break(ringing, "alarms", "ringing: filtermend-local-", "docs/operations.md"),
}  # fmt: skip
