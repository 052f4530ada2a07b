"""The catalogue against the document it carries: nothing missing, renamed, doubled or out of order."""

import re
from pathlib import Path

import pytest

from mlready_nb.catalogue import BadCatalogue, CodeNotFound, load_catalogue
from mlready_nb.catalogue.load import parse

SEED = (Path(__file__).parent / "seed.md").read_text(encoding="utf-8")
CATALOGUE = load_catalogue()


def outline():
    """(area heading, section, title, sub-bullets) of every box of the seed, templates left out."""
    text = re.sub(r"```.*?```", "", SEED, flags=re.DOTALL)
    area = section = None
    found = []
    for line in text.splitlines():
        if heading := re.match(r"## \W*(.*)", line):
            area = heading[1]
        elif heading := re.match(r"### (.*)", line):
            section = heading[1]
        elif box := re.match(r"- \[ \] (.*)", line):
            found.append((area, section, box[1].replace("**", ""), []))
        elif bullet := re.match(r"  - (.*)", line):
            found[-1][3].append(bullet[1])
    return found


def red_flags():
    """(group, title) of each red flag of the seed."""
    text = SEED.partition("Red Flags")[2].partition("\n## ")[0]
    group, found = None, []
    for line in text.splitlines():
        if heading := re.match(r"❌ \*\*(.*):\*\*", line):
            group = heading[1]
        elif bullet := re.match(r"- (.*)", line):
            found.append((group, bullet[1]))
    return found


def test_every_item_and_sub_bullet_stands_as_in_the_seed():
    """85 items and 213 sub-bullets: headings, titles, order."""
    ours = [
        (area.title, item.section, item.title, [p.title for p in item.points])
        for area in CATALOGUE.areas
        if area.group != "red-flags"
        for item in area.items
    ]

    assert ours == outline()
    assert len(ours) == 85
    assert sum(len(points) for *_, points in ours) == 213


def test_red_flags_in_their_groups():
    """15 in five groups."""
    (area,) = (a for a in CATALOGUE.areas if a.group == "red-flags")

    assert [(i.section, i.title) for i in area.items] == red_flags()
    assert len(area.items) == 15
    assert len(area.sections) == 5


def test_must_have_and_nice_to_have():
    """10 and 6."""
    codes = [i.code for i in CATALOGUE.items()]

    assert sum(c.startswith("FIN-") for c in codes) == 10
    assert sum(c.startswith("NICE-") for c in codes) == 6


def test_dos_donts_and_the_reminder():
    """Word for word."""
    tail = SEED.partition("### Do's")[2]
    dos, _, rest = tail.partition("### Don'ts")

    assert list(CATALOGUE.dos) == re.findall(r"^- (.*)$", dos, flags=re.MULTILINE)
    assert list(CATALOGUE.donts) == re.findall(r"^- (.*)$", rest, flags=re.MULTILINE)
    assert len(CATALOGUE.dos) == len(CATALOGUE.donts) == 7
    assert all(sentence in SEED for sentence in re.split(r"(?<=!) ", CATALOGUE.reminder))


@pytest.mark.parametrize(("key", "number"), [("card", 0), ("runbook", 1)])
def test_the_templates_print_back_as_the_seed_has_them(key, number):
    """Every heading and line, in order."""
    template = CATALOGUE.templates[key]
    lines = [f"# {template.title}"]
    for section in template.sections:
        lines += ["", f"## {section.title}"]
        for n, field in enumerate(section.fields, 1):
            hint = f"[{field.placeholder}]" if field.placeholder else ""
            words = {
                "step": f"{n}. {field.label or hint}",
                "box": f"- [ ] {field.label}",
                "list": f"- {hint}",
                "field": f"- **{field.label}:** {hint}" if key == "card" else f"- {field.label}: {hint}",
            }
            lines.append(words[field.form])

    assert "\n".join(lines) == re.findall(r"```markdown\n(.*?)```", SEED, flags=re.DOTALL)[number].strip()


def test_codes_are_stable_in_form_and_unique():
    """`EVA-01`, `EVA-01.3`: letters, two digits, sub-bullets counted from 1."""
    codes = [i.code for i in CATALOGUE.items()]
    points = [p.code for i in CATALOGUE.items() for p in i.points]
    keys = [f.key for t in CATALOGUE.templates.values() for f in t.fields()]

    assert all(re.fullmatch(r"[A-Z]{3,4}-\d\d", c) for c in codes)
    assert len(set(codes)) == len(codes) == 100
    assert len(set(points)) == len(points)
    assert len(set(keys)) == len(keys)


def test_every_item_says_why_in_one_sentence_of_its_own():
    """No two alike, none empty, none that only repeats the title."""
    whys = [i.why for i in CATALOGUE.items()]

    assert len(set(whys)) == len(whys)
    for item in CATALOGUE.items():
        assert re.fullmatch(r"[^.!?]+\.", item.why.replace("S.E.", "")), item.why
        assert item.title.lower() not in item.why.lower()


def test_base_items_say_who_decides_and_what_to_write():
    """Each sub-bullet names at least one decider; each base item asks for evidence."""
    for item in CATALOGUE.items():
        if item.points:
            assert item.ask
            assert all(p.by for p in item.points)
            assert not item.computed_from


def test_computed_items_name_base_items():
    """The final list and the flags hang on what exists and is itself not computed."""
    computed = [i for i in CATALOGUE.items() if i.area in ("final", "red-flags")]

    assert all(i.computed_from for i in computed if i.code not in ("NICE-02", "NICE-03"))
    for item in computed:
        for code in item.computed_from:
            base = CATALOGUE[code.partition(".")[0]]
            assert base.area not in ("final", "red-flags")


def test_what_a_red_flag_hangs_on_is_a_blocker():
    """A base item that raises a flag as a whole blocks; where one sub-bullet does, the item is at least a must."""
    for item in CATALOGUE.items():
        if item.area == "red-flags":
            for code in item.computed_from:
                base = CATALOGUE[code.partition(".")[0]]
                assert base.severity in ("blocker", "must") or base.code.startswith(("DOC-", "RBK-"))


def test_codes_are_found_in_any_case_and_wrong_ones_get_advice():
    """`dat-03` is DAT-03; a slip names its neighbours."""
    assert CATALOGUE["dat-03"].title == "No data leakage"
    assert CATALOGUE.point(" eva-01.3").title == "Performance per class checked"
    assert "DAT-03" in CATALOGUE
    assert 3 not in CATALOGUE
    with pytest.raises(CodeNotFound, match="DAT-0"):
        CATALOGUE["DAT-09"]
    with pytest.raises(CodeNotFound, match=r"EVA-01\.\d"):
        CATALOGUE.point("EVA-01.9")
    with pytest.raises(CodeNotFound, match="mlready list"):
        CATALOGUE["zzzzzzzz"]


AREA = 'key = "a"\ntitle = "A"\nshort = "A"\ngroup = "stage"\n'
ITEM = '[[items]]\ncode = "AAA-01"\nsection = "S"\ntitle = "T"\nseverity = "must"\nwhy = "W."\n'
DOCUMENT = 'title = "T"\ndos = []\ndonts = []\nreminder = ""\n[templates]\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (AREA + ITEM.replace('why = "W."\n', ""), r"1-a\.toml: AAA-01 lacks the key 'why'"),
        (AREA + ITEM + ITEM, "AAA-01 is used twice"),
        (AREA + ITEM + 'computed_from = ["BBB-01"]', "BBB-01"),
        (AREA + ITEM.replace('"must"', '"huge"'), "'huge' is not a valid Severity"),
        ("key = ", r"1-a\.toml is no TOML"),
        (AREA, "lacks the key 'items'"),
    ],
)
def test_a_broken_file_is_named(text, words):
    """File, item and key stand in the message."""
    with pytest.raises(BadCatalogue, match=words):
        parse({"document.toml": DOCUMENT, "1-a.toml": text})
