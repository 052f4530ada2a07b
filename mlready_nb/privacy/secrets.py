"""Credentials in a line of text: the vendors' shapes by detect-secrets, and what is assigned to a name that says so."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

#: detect-secrets' plugins whose shape alone tells. Left out: entropy (hashes, ids), public addresses, and Artifactory,
#: whose prefix of two letters words have too.
_SHAPES = (
    ("aws", "AWSKeyDetector"),
    ("azure_storage_key", "AzureStorageKeyDetector"),
    ("discord", "DiscordBotTokenDetector"),
    ("github_token", "GitHubTokenDetector"),
    ("gitlab_token", "GitLabTokenDetector"),
    ("jwt", "JwtTokenDetector"),
    ("mailchimp", "MailchimpDetector"),
    ("npm", "NpmDetector"),
    ("openai", "OpenAIDetector"),
    ("private_key", "PrivateKeyDetector"),
    ("pypi_token", "PypiTokenDetector"),
    ("sendgrid", "SendGridDetector"),
    ("slack", "SlackDetector"),
    ("square_oauth", "SquareOAuthDetector"),
    ("stripe", "StripeDetector"),
    ("telegram_token", "TelegramBotTokenDetector"),
    ("twilio", "TwilioKeyDetector"),
)
#: Shapes that are newer than detect-secrets 1.5, from the vendors' documentation.
_NEWER = {
    "Hugging Face token": re.compile(r"\bhf_[A-Za-z]{34}\b"),
    "Google API key": re.compile(r"\bAIza[0-9A-Za-z_\-]{35}(?![0-9A-Za-z_\-])"),
    "OpenAI or Anthropic key": re.compile(r"\bsk-(?:proj|svcacct|ant)-[0-9A-Za-z_\-]{24,}"),
    "GitHub fine-grained token": re.compile(r"\bgithub_pat_[0-9A-Za-z_]{60,}"),
    "Databricks token": re.compile(r"\bdapi[0-9a-f]{32}\b"),
    # detect-secrets stops at the marks that RFC 3986 allows in a password
    "password in an address": re.compile(r"\w://[^\s:/@'\"]{0,80}:([^\s@/'\"]{4,200})@[\w\[]"),
}
#: `name = "value"`, `"name": "value"`, `name="value"`, and in outputs `NAME=value`.
_ASSIGNED = re.compile(
    r"""(?<![\w.\-])(?P<name>[A-Za-z_][\w.\-]{0,60})["'\]]{0,2}\s*(?::\s*[\w\[\].| ]{1,30}=|==?|:|,)\s*(?:[rbuf]{0,2})(?P<quote>["'])(?P<value>[^"'\\\s]{4,200})(?P=quote)"""
)
_ENVIRONMENT = re.compile(
    r"(?:^|[\s!])(?:export\s+|%(?:set_)?env\s+)?(?P<name>[A-Z][A-Z0-9_]{2,60})\s*[=:]\s*(?P<value>[^\s\"'$]{8,200})"
)
#: Names of what opens a door. `token` alone is a word of language models too, so its value must look random.
_DOOR = re.compile(
    r"(?:^|[_.\-])(?:password|passwd|pwd|passphrase|secret|api[_-]?key|auth[_-]?key|access[_-]?key|account[_-]?key|service[_-]?key|"
    r"private[_-]?key|client[_-]?secret|secret[_-]?key|token|bearer|credential)s?(?:$|[_.\-\d])", re.IGNORECASE
)  # fmt: skip
_WORDED = re.compile(r"(?:^|[_.\-])(?:password|passwd|pwd|passphrase)(?:$|[_.\-\d])", re.IGNORECASE)
#: Where a bare `key` is one: beside a login, or a user's name.
_LOGIN = re.compile(r"login|wandb|kaggle|username|user_name", re.IGNORECASE)
_POSITIONAL = re.compile(
    r"""\.(?:login|authenticate|auth)\(\s*["'][^"']{1,80}["']\s*,\s*["'](?P<value>[^"'\s]{8,100})["']"""
)
#: Words of whoever leaves a gap to be filled.
_GAP = re.compile(
    r"your|xxx|\*\*\*|\.\.\.|…|<|>|\{|\}|\$|example|placeholder|dummy|fake|sample|insert|replace|change.?me|todo|redacted|hidden|"
    r"masked|secret|passw|token|api.?key|^none$|^null$|^true$|^false$|^test|^foo|^bar|^abc|^1234|^0+$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A credential, masked."""

    kind: str
    #: the first characters and the length, never more
    masked: str
    #: True when its shape alone tells what it is
    certain: bool


def find_secrets(text: str, *, output: bool = False) -> Iterator[Secret]:
    """Credentials in one line; `output` for what a cell shows, where `NAME=value` needs no quotes."""
    seen: set[str] = set()
    for kind, value in _shaped(text):
        if value not in seen and not _gap(value):
            seen.add(value)
            yield Secret(kind=kind, masked=mask(value), certain=True)
    for name, value in _assigned(text, output):
        if not any(value in s or s in value for s in seen):
            seen.add(value)
            yield Secret(kind=f"the value of {name[:40]}", masked=mask(value), certain=False)


def mask(value: str) -> str:
    """Enough to find it again, too little to use it."""
    head = value[:4] if len(value) >= 16 else value[:1] if len(value) >= 8 else ""
    return f"{head}… ({len(value)} characters)"


@cache
def _plugins() -> tuple[tuple[str, Any], ...]:
    from importlib import import_module

    found = []
    for module, name in _SHAPES:
        plugin = getattr(import_module(f"detect_secrets.plugins.{module}"), name, None)
        if plugin is not None:  # a later version may have renamed it
            found.append((plugin.secret_type, plugin()))
    return tuple(found)


def _shaped(text: str) -> Iterator[tuple[str, str]]:
    for kind, plugin in _plugins():
        # analyze_string gives the inner group of some shapes, which for GitHub is no more than "ghp"
        told = list(plugin.analyze_string(text))
        shapes = [m for shape in plugin.denylist for m in shape.finditer(text)] if told else []
        for value in told if kind == "JSON Web Token" else map(_value, shapes):
            if not kind.startswith(("AWS", "Twilio", "Mailchimp")) or _mixed(value):
                yield kind, value
    for kind, shape in _NEWER.items():
        for found in shape.finditer(text):
            value = found[found.lastindex] if found.lastindex else found[0]
            if kind != "password in an address" or _worth(value):
                yield kind, value


def _value(found: re.Match[str]) -> str:
    inner = found[found.lastindex] if found.lastindex else ""
    return inner if inner and len(inner) >= 6 else found[0]


def _assigned(text: str, output: bool) -> Iterator[tuple[str, str]]:
    """(name, value) of what is given to a name that says that it opens something."""
    shapes = (_ASSIGNED, _ENVIRONMENT) if output or text.lstrip()[:1] in "!%" else (_ASSIGNED,)
    for found in (f for shape in shapes for f in shape.finditer(text)):
        name, value = found["name"], found["value"].rstrip(",;")
        bare_key = name.lower() == "key" and _LOGIN.search(text)
        if not (_DOOR.search(name) or bare_key) or _gap(value) or _says_where(value):
            continue
        chosen = _worth(value) if _WORDED.search(name) else _strong(value) and name.lower() in ("secret", "passphrase")
        if _random(value) or (chosen and not output):
            yield name, value
    for found in () if output else _POSITIONAL.finditer(text):
        if _strong(found["value"]) and not _gap(found["value"]) and not _says_where(found["value"]):
            yield "login", found["value"]


def _gap(value: str) -> bool:
    from detect_secrets.filters.heuristic import is_potential_uuid, is_sequential_string, is_templated_secret

    if _GAP.search(value) or is_templated_secret(value) or is_sequential_string(value) or len(set(value)) < 4:
        return True
    return bool(is_potential_uuid(value)) or bool(re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+", value))


def _says_where(value: str) -> bool:
    """A path, an address, a file: where a secret is, not the secret."""
    return bool(
        re.match(r"[./~\\]|[A-Za-z]:\\|\w+://", value)
        or re.search(r"\.(pem|key|json|ya?ml|txt|env|cfg|ini|csv|parquet|pkl)$", value)
    )


def _worth(value: str) -> bool:
    """A password that a person chose: not one plain word, which names a column or a parameter as well."""
    return not re.fullmatch(r"[A-Za-z]+(?:[_\- ][A-Za-z]+)*|\d{1,4}", value) and len(value) >= 6


def _mixed(value: str) -> bool:
    return any(c.isdigit() for c in value) and any(c.isalpha() for c in value)


def _strong(value: str) -> bool:
    """As sites ask for: letters, digits, and capitals among small ones or a mark."""
    marked = any(not c.isalnum() for c in value) or (value != value.lower() and value != value.upper())
    return len(value) >= 8 and _mixed(value) and marked


def _random(value: str) -> bool:
    """Letters and digits without a pattern: at least 3.2 bits a character in at least 16 (words of code have less)."""
    value = value.rstrip("=")
    if len(value) < 16 or not _mixed(value) or re.search(r"[()\[\]=,;]", value):
        return False
    counts = Counter(value)
    bits = -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values())
    parts = re.split(r"[_\-./:]", value)
    worded = sum(len(p) for p in parts if re.fullmatch(r"[A-Za-z]*\d{0,3}", p) and len(p) < 14) / len(value)
    return bits >= 3.2 and worded < 0.6
