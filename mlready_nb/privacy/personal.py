"""Personal data in a line of text: what carries a checksum is checked by it, the rest needs its context."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """Something about a person, masked."""

    #: "e-mail address", "card number", "bank account (IBAN)", "social security number", "telephone number"
    kind: str
    masked: str
    #: True when a checksum vouches for it
    certain: bool = False
    #: tells two apart while they are counted; never shown or kept
    key: int = field(default=0, repr=False)


_EMAIL = re.compile(r"(?<![\w.+\-/:@])[A-Za-z0-9][\w.+\-]{0,63}@(?:[A-Za-z0-9\-]{1,63}\.)+[A-Za-z]{2,24}(?![\w@:/])")
#: Domains that RFC 2606 keeps for examples, and hosts whose `user@host` is no mailbox.
_NOBODY = re.compile(
    r"@(?:[\w\-]+\.)*(?:example\.(?:com|org|net|edu)|test|invalid|localhost|local|internal|example)$|@(?:github|gitlab|bitbucket)\.\w+$",
    re.IGNORECASE,
)
_PLACEHOLDER_DOMAIN = re.compile(
    r"@(?:domain|company|yourdomain|yourcompany|foo|bar|abc|xyz|acme)\.\w+$|@(?:email|mail|test|site|website)\.com$|^\w@\w{1,2}\.\w+$",
    re.IGNORECASE,
)
#: Mailboxes of an office, not of a person.
_ROLE = re.compile(
    r"^(?:info|support|contact|admin|administrator|webmaster|postmaster|help|sales|office|team|hello|security|noreply|no-reply|"
    r"donotreply|service|press|jobs|your|you|user|username|name|email|someone|somebody|foo|bar|test|me|git|root)(?:[.+\-_]\w+)?@",
    re.IGNORECASE,
)  # fmt: skip
_CARD = re.compile(r"(?<![\w.\-])(?:\d[ \-]?){12,18}\d(?![\w.\-]|\.\d)")
_CARD_WORD = re.compile(r"card|\bpan\b|\bcc\b|ccnum|credit|debit|visa|master|amex", re.IGNORECASE)
#: The numbers that payment services publish for tests.
_TEST_CARDS = frozenset(
    [
        "4111111111111111",
        "4242424242424242",
        "5555555555554444",
        "378282246310005",
        "371449635398431",
        "6011111111111117",
        "4012888888881881",
        "5105105105105100",
        "30569309025904",
        "38520000023237",
        "3530111333300000",
        "4000056655665556",
        "2223003122003222",
        "5200828282828210",
    ]
)
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![A-Za-z0-9])")
#: The accounts that standards and banks print as their example.
_EXAMPLE_IBANS = frozenset(
    [
        "DE89370400440532013000",
        "GB82WEST12345698765432",
        "GB29NWBK60161331926819",
        "FR1420041010050500013M02606",
        "ES9121000418450200051332",
        "NL91ABNA0417164300",
        "CH9300762011623852957",
        "IT60X0542811101000000123456",
        "BE68539007547034",
        "AT611904300234573201",
    ]
)
_IBAN_LENGTH = {
    "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27,
    "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MT": 31,
    "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24, "AE": 23, "SA": 24, "TR": 26, "BR": 29,
}  # fmt: skip
_SSN = re.compile(r"(?<![\w\-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w\-])")
_SSN_WORD = re.compile(r"\bssn\b|social.?sec", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w.+])\+\d{1,3}[ \-.]?\(?\d{1,4}\)?(?:[ \-.]?\d{2,4}){2,4}(?![\w.\-])")
_PHONE_WORD = re.compile(r"phone|mobile|\btel\b|\bcell\b|fax", re.IGNORECASE)


def find_personal(text: str, context: str = "") -> Iterator[Personal]:
    """Personal data in one line.

    Parameters
    ----------
    context
        Words near it (a table's header), which tell what a number is.
    """
    words = f"{text}\n{context}"
    for found in _EMAIL.finditer(text):
        if not (_NOBODY.search(found[0]) or _PLACEHOLDER_DOMAIN.search(found[0]) or _ROLE.match(found[0])):
            name, _, domain = found[0].rpartition("@")
            yield Personal(
                kind="e-mail address", masked=f"{name[0]}…@…{domain[domain.rfind('.') :]}", key=hash(found[0].lower())
            )
    for found in _CARD.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        grouped = bool(re.fullmatch(r"\d{4}([ \-])\d{4}\1\d{4}\1\d{1,7}|3\d{3}([ \-])\d{6}\2\d{5}", found[0].strip()))
        if is_card(digits) and digits not in _TEST_CARDS and (grouped or _CARD_WORD.search(words)):
            yield Personal(
                kind="card number", masked=f"…{digits[-2:]} ({len(digits)} digits)", certain=True, key=hash(digits)
            )
    for found in _IBAN.finditer(text):
        plain = found[0].replace(" ", "")
        if is_iban(plain) and plain not in _EXAMPLE_IBANS:
            yield Personal(
                kind="bank account (IBAN)",
                masked=f"{plain[:2]}… ({len(plain)} characters)",
                certain=True,
                key=hash(plain),
            )
    if _SSN_WORD.search(words):
        for found in _SSN.finditer(text):
            if found[0] not in ("123-45-6789", "078-05-1120", "219-09-9999"):
                yield Personal(kind="social security number", masked=f"…{found[0][-2:]} (9 digits)", key=hash(found[0]))
    if _PHONE_WORD.search(words):
        for found in _PHONE.finditer(text):
            digits = re.sub(r"\D", "", found[0])
            if 9 <= len(digits) <= 15 and "555" not in digits[:7] and digits not in "012345678901234567890":
                yield Personal(
                    kind="telephone number", masked=f"…{digits[-2:]} ({len(digits)} digits)", key=hash(digits)
                )


def is_card(digits: str) -> bool:
    """A payment card's number: issuer's prefix and length (ISO/IEC 7812), and the Luhn digit."""
    lengths = {"4": (13, 16, 19), "5": (16,), "2": (16,), "34": (15,), "37": (15,), "6": (16, 19), "30": (14,), "36": (14,), "38": (14,), "35": (16,)}  # fmt: skip
    allowed = lengths.get(digits[:2]) or lengths.get(digits[:1])
    if allowed is None or len(digits) not in allowed or len(set(digits)) < 3:
        return False
    if digits[0] == "5" and digits[1] not in "12345":
        return False
    if digits[0] == "2" and not 2221 <= int(digits[:4]) <= 2720:
        return False
    total = sum(sum(divmod(int(d) * (1 + i % 2), 10)) for i, d in enumerate(reversed(digits)))
    return total % 10 == 0


def is_iban(plain: str) -> bool:
    """The country's length, and 1 modulo 97 (ISO 13616)."""
    if _IBAN_LENGTH.get(plain[:2]) != len(plain):
        return False
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1
