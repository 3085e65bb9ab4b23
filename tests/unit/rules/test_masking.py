"""Secrets are masked, nothing else is, and a code's own secrets can be put back.

The samples look real and are made up; none stands here as a whole, for no scanner to find.
"""

import base64
import json
import random
import re
import string
import time
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from filtermend.rules.masking import mask, mask_all, unmask

EVALS = Path(__file__).parents[2] / "evals"
SMALL, CAPITAL = string.ascii_lowercase, string.ascii_uppercase
ALL = SMALL + CAPITAL + string.digits
PLACEHOLDER = r"\[masked [a-z ]+ [0-9a-f]{6}\]"


def made_up(length: int, alphabet: str = ALL) -> str:
    """Characters that look random, with one of each kind at the beginning."""
    kinds = [part for part in (SMALL, CAPITAL, string.digits) if part[5] in alphabet]
    drawn = random.Random(f"{alphabet}{length}")  # noqa: S311  samples
    return "".join([part[5] for part in kinds] + drawn.choices(alphabet, k=length - len(kinds)))


def base64url(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def key_block(kind: str = "RSA ", line_end: str = "\n") -> str:
    lines = [made_up(64, ALL + "+/"), made_up(63, ALL + "+/"), "Qa4=="]
    name = f"{kind}PRIVATE KEY-----"
    return line_end.join([f"-----BEGIN {name}", *lines, f"-----END {name}"])


JWT = ".".join([base64url('{"alg":"HS256"}'), base64url('{"sub":"1234567890"}'), made_up(43)])
HEX, LONG = made_up(32, "0123456789abcdef"), made_up(64)

BY_FORM = {
    "AWS": "AKIA" + made_up(16, CAPITAL + "234567"),
    "AWS, of a session": "ASIA" + made_up(16, CAPITAL + "234567"),
    "Google": "AIza" + made_up(35, ALL + "_-"),
    "Google OAuth": "ya29." + made_up(60, ALL + "_-"),
    "Braintrust": "sk-" + made_up(48),
    "OpenAI": "sk-proj-" + made_up(60, ALL + "_-"),
    "GitHub": "ghp_" + made_up(36),
    "GitHub, fine-grained": "github_pat_" + made_up(22) + "_" + made_up(59),
    "GitLab": "glpat-" + made_up(20),
    "Slack": "xoxb-" + made_up(12, string.digits) + "-" + made_up(24),
    "Slack webhook": "https://hooks.slack.com/" + f"services/T{made_up(10)}/B{made_up(10)}/{HEX}",
    "Stripe": "sk_live_" + made_up(24),
    "Stripe webhook": "whsec_" + made_up(32),
    "Supabase": "sb_secret_" + made_up(31),
    "Telegram": made_up(10, string.digits) + ":AA" + made_up(33),
    "JWT": JWT,
    "an exchange's key of 64": LONG,
    "Postgres": "postgres://trader:" + "s3cr3t@db.internal:5432/prod?sslmode=require",
    "Postgres, by driver": "postgresql+psycopg://trader:" + "p%40ss@10.0.0.7/prod",
    "Postgres, with an @": "postgres://trader:" + "p@ss@db/prod",
    "Redis": "redis://:" + "hunter2@cache:6379/0",
    "MongoDB": "mongodb+srv://bot:" + "hunter2@cluster0.ab1cd.mongodb.net/?retryWrites=true",
    "AMQP": "amqp://guest:" + "guest@mq:5672/%2f",
    "HTTPS": "https://bot:" + "hunter2@api.example.com/v1",
    "RSA key": key_block(),
    "EC key": key_block("EC "),
    "PKCS 8 key": key_block(""),
    "OpenSSH key": key_block("OPENSSH "),
    "key in one line": key_block("", "\\n"),
    "email": "jane.doe+alerts@mail.example.co.uk",
}
AROUND = [
    'apiKey := "{}"\nreturn apiKey != ""',
    '{{"note": "{}", "period": 14}}',
    "It failed with {} at line 3, then again.",
    "({})",
]
BY_NAME = [
    ('apiKey := "{}"', LONG),
    ("apiKey := `{}`", HEX),
    ('const apiSecret string = "{}"', HEX),
    ("BINANCE_API_KEY={} go run", made_up(40)),
    ('{{"apiKey": "{}", "symbol": "BTCUSDT"}}', HEX),
    ('{{\\"api_secret\\": \\"{}\\"}}', HEX),
    ("'api-key' => '{}'", HEX),
    ('request.Header.Set("X-MBX-APIKEY", "{}")', made_up(40)),
    ("X-MBX-APIKEY: {}\n", made_up(40)),
    ("GET /api/v3/order?symbol=BTCUSDT&signature={}&x=1", made_up(64, "0123456789abcdef")),
    ("AWS_SECRET_ACCESS_KEY={}", made_up(40, ALL + "/+")),
    ('"SecretAccessKey": "{}"', made_up(40, ALL + "/+")),
    ("secret key: {}", made_up(36)),
    ("private key: {}", "0x" + made_up(64, "0123456789abcdef")),
    ("My api key is {}, use it.", HEX),
    ("access_token={}&x=1", made_up(40)),
    ('{{"token": "{}"}}', made_up(40)),
    ('password = "{}"', "correct horse"),
    ('{{"password": "{}"}}', "hunter2"),
    ("host=db user=bot password={} dbname=prod", "swordfish"),
    ("Server=db;Uid=bot;Pwd={};", "hunter2"),
    ("passphrase: {}", "hunter2-swordfish"),
    ('secret := "{}"', "abc123"),
    ("Authorization: Bearer {}", made_up(30)),
    ('{{"Authorization": "Basic {}"}}', "Ym90Omh1bnRlcg=="),
    ("curl -H 'authorization: token {}'", made_up(20)),
    ("a header with Bearer {} was refused", made_up(30, ALL + "-._~")),
]
SAMPLES = [(around, secret) for secret in BY_FORM.values() for around in AROUND] + BY_NAME

INNOCENT = [
    "",
    "indicators.CalculateEMA(klines, 20)",
    'token := data.Symbol\nif token == "1000SHIBUSDT" { return false }',
    "secret := klines[len(klines)-1].Close * 1.03",
    "token := indicators.GetLatestBollingerBands20(klines, 20, 2.0)",
    "key: 1h, token: BTCUSDT, apiKey: not set, password: ****, secret: none",
    "#ff8800 #1a2b3c4d rgba(1, 2, 3, 0.5)",
    "0a4f6c52-4f2b-4f0e-8b62-8f6f0c7d1e90",
    "token: 0a4f6c52-4f2b-4f0e-8b62-8f6f0c7d1e90",
    "token: 0xdAC17F958D2ee523a2206206994597C13D831ec7 (USDT)",
    "sha256:" + "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "commit 58a7febe0e462b63d983a20bfea8ddc9844c863a",
    "goroutine 1 [running]:\nmain.main()\n\t/root/go/pkg/mod/github.com/traefik/yaegi@v0.16.1/run.go:42 +0x1d",
    "dial postgres://db.internal:5432/prod: connection refused, see https://example.com:8080/a@b",
    "A basic internationalization of bearer instruments, with risk-adjusted-returns-of-20-percent.",
    "unexpected token: found newline, want password or secret",
    "arn:aws:states:us-east-1:123456789012:execution:regeneration:0a4f6c52-4f2b-4f0e-8b62-8f6f0c7d1e90-1",
    "volume 1234567890123456789 at 1732368000000, 1e-9, BTC/USDT @ 97000.5",
    '[masked api key 3f9a2c] and apiKey := "[masked secret 3f9a2c]"',
]  # fmt: skip


@pytest.mark.parametrize(("around", "secret"), SAMPLES)
def test_a_secret_is_masked_and_nothing_beside_it(around: str, secret: str) -> None:
    before, after = around.format("\x00").split("\x00")
    masked = mask(around.format(secret))
    assert re.fullmatch(re.escape(before) + PLACEHOLDER + re.escape(after), masked), masked


@pytest.mark.parametrize(("around", "secret"), SAMPLES)
def test_a_secret_comes_back_from_the_original(around: str, secret: str) -> None:
    original = around.format(secret)
    assert unmask(mask(original), original) == original


@pytest.mark.parametrize("text", INNOCENT)
def test_what_is_no_secret_stays(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize("name", ["cases.json", "second.json"])
def test_filters_strategies_and_errors_stay(name: str) -> None:
    cases = json.loads((EVALS / name).read_text())
    assert len(cases) > 40
    for case in cases:
        assert mask_all(case) == case


def test_a_key_block_that_is_cut_off_is_masked_to_its_end() -> None:
    cut_off = key_block()[:120]
    assert re.fullmatch(f"key: {PLACEHOLDER}", mask(f"key: {cut_off}"))


def test_a_placeholder_tells_secrets_apart_and_the_same_ones_together() -> None:
    first, second = (f"apiKey={made_up(length)}" for length in (30, 31))
    assert mask(first) == mask(first)
    assert mask(first) != mask(second)


def test_a_candidate_that_keeps_a_placeholder_gets_the_secret_and_stays_otherwise() -> None:
    failed = f'apiKey := "{LONG}"\nreturn emma(apiKey)'
    candidate = mask(failed).replace("emma", "ema")
    assert unmask(candidate, failed) == failed.replace("emma", "ema")


def test_a_secret_comes_back_whatever_the_model_learned_it_from() -> None:
    seen_in_the_message = mask(f"the key {LONG} is refused").split("the key ")[1][:30]
    assert unmask(seen_in_the_message, f'apiKey := "{LONG}"').startswith(LONG)


def test_a_placeholder_that_the_original_does_not_explain_stays() -> None:
    code = 'return key == "[masked api key 3f9a2c]"'
    assert unmask(code, f'apiKey := "{LONG}"') == code


def test_every_text_in_a_value_is_masked_and_numbers_stay() -> None:
    key = BY_FORM["Google"]
    value = {"a": [key, {"b": (key, 1.5, None, True)}], "c": ValueError(key), "d": UUID(int=7)}
    masked = mask(key)
    assert mask_all(value) == {
        "a": [masked, {"b": [masked, 1.5, None, True]}],
        "c": masked,
        "d": str(UUID(int=7)),
    }


PIECES = st.sampled_from([
    *BY_FORM.values(), *(name.format(secret) for name, secret in BY_NAME),
    *INNOCENT, *"\"'`\\:=,;@./-_ \n[]({<", "password", "apiKey", "Bearer ", "\ud800",
])  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=4), max_size=8).map("".join)


@given(TEXTS)
@example(BY_FORM["Google"] + BY_FORM["email"])
@example(BY_FORM["AWS"] + BY_FORM["Slack webhook"])
@example(BY_FORM["email"] + BY_FORM["RSA key"])
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(TEXTS)
def test_any_text_comes_back_from_itself(text: str) -> None:
    assert unmask(mask(text), text) == text


HOSTILE = [
    "a", "-", " ", "\\", '"', "=", "\n", "A1a", "a@", "a.", "@a.", "x@a.a", "a%", "://", "a://",
    "a://b:", "a://b:c", "eyJ", "eyJaaaaaaaaaaaa.", "sk-", "sk-a", "AKIA", "12345678:AA", "token=a1",
    "api key ", "apikey" + " " * 8, 'key"', 'secret:"', "password", "password=", "passwordpasswd",
    "bearer ", "basic a1", "authorization: bearer ", "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\n-", "[masked ", "string ", 'secret\\\\\\"',
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_hostile_text_of_100_kb_takes_no_longer_than_others(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    started = time.process_time()
    unmask(mask(text), text)
    assert time.process_time() - started < 2
