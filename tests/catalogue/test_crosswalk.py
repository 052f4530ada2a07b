"""The crosswalk against what each framework numbers: nothing that does not exist, no base item forgotten."""

import csv
import io
import re

from mlready_nb.catalogue import load_catalogue
from mlready_nb.catalogue.crosswalk import _raw, as_csv, as_markdown, crosswalk, frameworks
from mlready_nb.checks.registry import load_checks
from mlready_nb.cli import main
from mlready_nb.views.text import explain_text

CATALOGUE = load_catalogue()
#: Every number that the editions named in the file have.
THERE = {
    "ml_test_score": {f"{part} {n}" for part in ("Data", "Model", "Infra", "Monitor") for n in range(1, 8)},
    "reforms": {f"{n}{letter}" for n, letters in enumerate(("abc", "abcde", "abcdefg", "abc", "abcdef", "abc", "abc", "ab"), 1) for letter in letters},
    "deon": {f"{part}.{n}" for part, last in zip("ABCDE", (3, 3, 5, 5, 4), strict=True) for n in range(1, last + 1)},
    "nist_ai_rmf": {
        f"{part} {n}.{m}"
        for part, counts in {"GOVERN": (7, 3, 2, 3, 2, 2), "MAP": (6, 3, 5, 2, 2), "MEASURE": (3, 13, 3, 3), "MANAGE": (4, 4, 2, 3)}.items()
        for n, last in enumerate(counts, 1)
        for m in range(1, last + 1)
    },
    "ai_act_annex_iv": {f"{n}({letter})" for n in (1, 2) for letter in "abcdefgh"} | {str(n) for n in range(3, 10)},
}  # fmt: skip


def test_every_number_exists_in_its_framework():
    """28, 32, 20, 72 and 23 of them."""
    assert [len(THERE[f.key]) for f in frameworks()] == [28, 32, 20, 72, 23]
    for code, told in _raw()["items"].items():
        assert code in CATALOGUE
        for key, points in told.items():
            assert set(points) <= THERE[key], (code, key, set(points) - THERE[key])


def test_every_base_item_has_a_line_and_computed_items_take_theirs_from_below():
    """A blank line says that nothing is known."""
    base = {i.code for i in CATALOGUE.items() if i.area not in ("final", "red-flags")}

    assert set(_raw()["items"]) == base
    assert set(crosswalk(CATALOGUE["FIN-02"])["reforms"]) == {"6a", "6b", "6c", "3g", "5c"}
    assert crosswalk(CATALOGUE["NICE-03"]) == {}


def test_it_is_printed_as_markdown_and_csv_and_explained(capsys):
    """One row an item, the same in both; `mlready explain` says it too."""
    assert main(["list", "--crosswalk"]) == 0
    markdown = capsys.readouterr().out
    assert main(["list", "--crosswalk", "csv"]) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    number = len(list(CATALOGUE.items()))

    assert len(re.findall(r"^\| [A-Z]{3,4}-\d\d \|", markdown, flags=re.MULTILINE)) == number
    assert len(rows) == number + 1
    assert {len(r) for r in rows} == {7}
    assert dict(zip(rows[0], next(r for r in rows if r[0] == "INT-02"), strict=True))["nist_ai_rmf"] == "MEASURE 2.11"
    assert "ML Test Score Model 7" in explain_text("INT-02", CATALOGUE, load_checks())
    assert as_markdown(CATALOGUE).count("\n") == markdown.rstrip().count("\n")
    assert as_csv(CATALOGUE).splitlines()[0].startswith("code,item,")
