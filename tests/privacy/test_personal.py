"""Personal data in a line: checksums decide, context decides, examples stay quiet. All numbers are made up."""

import pytest

from mlready_nb.privacy import find_personal, personal_columns, tables_in
from mlready_nb.privacy.personal import is_card, is_iban
from mlready_nb.subjects import Shown


def luhn(head):
    """The number with its check digit."""
    return next(f"{head}{d}" for d in range(10) if is_card(f"{head}{d}"))


def iban(country, rest):
    """The account with its check digits."""
    return next(f"{country}{n:02}{rest}" for n in range(2, 99) if is_iban(f"{country}{n:02}{rest}"))


CARD, ACCOUNT = luhn("453201512773912"), iban("DE", "500105173648489890")
GROUPED = " ".join(CARD[i : i + 4] for i in range(0, 16, 4))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("0  maria.keller@gmail.com  34", "e-mail address"),
        (f"paid with {GROUPED}", "card number"),
        (f"credit_card: {CARD}", "card number"),
        (f"iban {ACCOUNT}", "bank account (IBAN)"),
        (" ".join(ACCOUNT[i : i + 4] for i in range(0, 22, 4)), "bank account (IBAN)"),
        ("ssn 536-22-8726", "social security number"),
        ("phone: +49 30 9018 2447", "telephone number"),
    ],
)
def test_what_is_personal_is_found_and_masked(text, kind):
    """One finding of that kind; the value itself is not in it."""
    (found,) = find_personal(text)

    assert found.kind == kind
    assert not any(word in found.masked for word in ("maria", CARD, ACCOUNT, "8726", "2447"))


@pytest.mark.parametrize(
    "text",
    [
        "write to you@example.com",
        "emails: a@b.com, c@d.org",
        "support@acme-bank.com",
        "git clone git@github.com:org/repo.git",
        "https://user@host.com/path",
        "4111 1111 1111 1111",
        "card 4242424242424242",
        f"order {CARD}",
        f"credit {int(CARD) + 1}",
        "1700000000000123 card",
        "DE89 3704 0044 0532 0130 00",
        "accuracy 0.4532015127739128",
        "phone model 123-45-6789",
        "part 536-22-8726",
        "2024-01-31 12:30:45",
        "df @ weights.T",
        "@decorator.route",
        "array([4532, 0151, 2773, 9128])",
    ],
)
def test_what_only_looks_so_stays_quiet(text):
    """Examples, offices, ids, floats and dates."""
    assert not list(find_personal(text)), text


PEOPLE = """<table border="1" class="dataframe"><thead><tr><th></th><th>first_name</th><th>email</th><th>amount</th></tr></thead>
<tbody><tr><th>0</th><td>Maria</td><td>m@firm.de</td><td>3</td></tr><tr><th>1</th><td>Jo</td><td>j@firm.de</td><td>4</td></tr></tbody></table>"""


def columns(*texts, mime="text/html"):
    """What the tables of an output name."""
    return [c for t in tables_in([Shown(mime=mime, text=x) for x in texts]) for c in personal_columns(t)]


def test_rows_of_people_are_told_from_rows_of_things():
    """A name beside an age is a person's, a name beside a price is not; masks and summaries show nobody."""
    assert columns(PEOPLE) == ["first_name", "email"]
    assert columns(PEOPLE.replace("m@firm.de", "***").replace("j@firm.de", "***")) == ["first_name"]
    things = PEOPLE.replace("first_name", "name").replace("email", "price")
    assert columns(things) == []
    assert columns(things.replace("price", "age")) == ["name"]
    assert columns(PEOPLE.replace("<th>0</th>", "<th>count</th>").replace("<th>1</th>", "<th>unique</th>")) == []


def test_a_printed_frame_is_read_too():
    """Plain text as pandas prints it."""
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"last_name": ["Keller", "Adeyemi"], "amount": [3, 4]})

    assert columns(str(frame), mime="text/plain") == ["last_name"]
    assert columns(str(frame.dtypes), mime="text/plain") == []
    assert columns(str(frame.rename(columns={"last_name": "city"})), mime="text/plain") == []
