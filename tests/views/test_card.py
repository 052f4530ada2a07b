"""The card holds the seed's template whole, and each of its numbers names who gave it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from mlready_nb.finding import Estimate
from mlready_nb.marks import Mark, MarkKind
from mlready_nb.views import fields
from mlready_nb.views.card import model_card
from mlready_nb.views.document import to_markdown
from mlready_nb.views.payload import live
from mlready_nb.views.runbook import runbook
from tests.views.cases import BINARY, CATALOGUE, CLASSES, GROUPS, LEAK, REGRESSION, SHAP, checklist, e, found

SEED = (Path(__file__).parents[1] / "catalogue" / "seed.md").read_text(encoding="utf-8")


def template(name):
    """The lines of a template as the seed has them, below its title."""
    block = re.search(rf"```markdown\n(# {name}.*?)\n```", SEED, re.DOTALL)[1]
    return [line for line in block.splitlines()[1:] if line.strip()]


def card(*findings, **rest):
    """The card as Markdown."""
    return to_markdown(model_card(checklist(*findings, **rest)))


def part(text, title):
    """One section of a card."""
    return text.partition(f"## {title}\n")[2].partition("\n## ")[0]


def in_order(text, pieces):
    """True when each piece stands after the one before."""
    at = 0
    for piece in pieces:
        at = text.find(piece, at)
        if at < 0:
            pytest.fail(f"not there, or not in its place: {piece!r}")
        at += len(piece)


def test_the_empty_card_is_the_seed_s_template():
    """Every heading, label and hint, in the seed's order, before a single check has run."""
    told = card(facts={}, subjects={})
    wanted = [re.sub(r"\[(.+)\]", r"_not filled yet: \1_", line) for line in template("Model Card")]

    in_order(told, wanted)
    assert "**24 of 24 fields are still empty:**" in told
    assert told.startswith("# Model Card: no model yet\n")


def test_the_empty_runbook_is_the_seed_s_template():
    """Numbers, boxes, contacts; the words that the seed gives are no gaps."""
    told = to_markdown(runbook(checklist(facts={}, subjects={})))
    wanted = [re.sub(r"\[(\w.+)\]", r"_not filled yet: \1_", line) for line in template("Deployment Runbook")]
    wanted = [re.sub(r"^- ([\w-]+): ", r"- **\1:** ", line) for line in wanted]

    in_order(told, wanted)
    assert "**8 of 8 fields are still empty:**" in told


def test_the_head_counts_what_is_empty():
    """Each text, fact and finding takes one from the list; the panel counts the same way."""
    given = checklist(BINARY, CLASSES, card={"intended_use.primary_use": "Rank requests"})
    told = to_markdown(model_card(given))
    head = told.partition("## ")[0]
    shown = live(given)
    hints = [f for f in CATALOGUE.templates["card"].fields() if f.placeholder]
    left = [f for f in hints if not shown["card"].get(f.key) and f.key not in shown["facts"]]

    assert f"**{len(left)} of 24 fields are still empty:**" in head
    assert told.count("_not filled yet") == len(left)
    assert "Primary use" not in head
    assert "Out-of-scope uses" in head
    assert len(left) < 24 - 9


def test_a_person_s_text_wins_and_has_no_source():
    """Over facts and over findings; several lines are several statements."""
    told = card(BINARY, card={"performance.accuracy": "good enough", "training_data.size": "all of it\nand more"})

    assert "- **Accuracy:** good enough\n" in told
    assert "- **Size:**\n  - all of it\n  - and more\n" in told
    assert "0.912" not in part(told, "Performance")


def test_every_number_names_its_check():
    """Value, interval, n and check, in one line."""
    told = part(card(BINARY, CLASSES), "Performance")

    assert "- **Accuracy:** 0.912 (95 % interval 0.884 to 0.934, n = 500) (`overall-metrics`)" in told
    assert (
        "- **Precision:** 0.810 (95 % interval 0.700 to 0.890, n = 61), of the positive class 'yes' (`overall-metrics`)"
        in told
    )
    lines = [line for line in told.splitlines() if line.startswith("- ")]
    assert len(lines) == 5
    assert all(line.endswith("(`overall-metrics`)") for line in lines)


def test_every_line_of_the_template_with_a_number_has_a_source():
    """Nothing measured stands there as if a person had said it."""
    told = card(BINARY, CLASSES, GROUPS, SHAP, LEAK)
    for title in ("Training Data", "Evaluation Data", "Performance", "Limitations", "Ethical Considerations"):
        for line in part(told, title).splitlines():
            assert not re.search(r"\d", line) or re.search(r"\((`[^`]+`|_[^_]+_)\)$", line), line


def test_a_regression_has_its_own_metrics():
    """R², MAE and RMSE in the place of five lines that have no meaning."""
    given = checklist(REGRESSION, card={"performance.recall": "asked for by legal"})
    told = part(to_markdown(model_card(given)), "Performance")

    assert "- **R²:** 0.710 (95 % interval 0.610 to 0.810, n = 500) (`overall-metrics`)" in told
    assert "- **MAE:** 3.250" in told
    assert "- **RMSE:** 4.500" in told
    assert "- **Accuracy, Precision, F1 Score, AUC-ROC:** do not apply to a regression" in told
    assert "- **Recall:** asked for by legal" in told
    assert "performance.accuracy" not in {f.key for f in fields.empty(given)}


def test_several_classes_say_how_the_mean_was_taken():
    """Macro averages are not the precision of a class."""
    several = replace(
        BINARY, measured={k: replace(v, method="bootstrap") for k, v in BINARY.measured.items() if k != "pr_auc"}
    )
    origin = {"task": replace(checklist().subjects["task"], variable="multiclass")}
    told = part(card(several, subjects=origin), "Performance")

    assert "n = 61), mean over the classes (`overall-metrics`)" in told
    assert "each class against the rest, mean" in told
    assert "positive class" not in told


def test_no_metric_no_number():
    """A model without scores keeps the line for AUC-ROC empty."""
    without = replace(BINARY, measured={k: v for k, v in BINARY.measured.items() if k != "roc_auc"})

    assert "- **AUC-ROC:** _not filled yet: Value_" in card(without)


def test_findings_fill_limits_gaps_and_differences():
    """Failures first; fairness by column takes an error rate before a selection rate."""
    drift = found("missing-values", "warn", "gaps differ in 'income'", items=("DAT-01",))
    told = card(drift, LEAK, CLASSES, GROUPS)
    limits = part(told, "Limitations")

    in_order(
        limits,
        [
            "failed: 30 of 500 test rows",
            "(`row-overlap`)",
            "warning: gaps differ",
            "warning: recall of 'yes' is 0.2",
            "(`weak-class`)",
        ],
    )
    assert "failed: true positive rate by sex differs (`group-disparity`)" in limits
    assert "by sex: largest difference in true positive rate 0.220 (95 % interval 0.120 to 0.310, n = 321)" in part(
        told, "Ethical Considerations"
    )
    assert "gaps differ in 'income' (`missing-values`)" in part(told, "Evaluation Data")


def test_a_check_that_did_not_look_fills_nothing():
    """It stands among those without an answer."""
    silent = found("group-disparity", "not_run", "waits for sensitive=<column>", items=("INT-02",))
    told = card(silent)

    assert "_not filled yet: Bias or fairness concerns_" in told
    assert "waits for sensitive" in part(told, "Readiness")


def test_a_stale_number_is_struck_through():
    """With the word beside it, in lines and tables, and no picture of it; others are left alone."""
    told = card(BINARY, CLASSES, SHAP, stale=("overall-metrics", "weak-class"))

    assert "~~0.912 (95 % interval 0.884 to 0.934, n = 500)~~ (`overall-metrics`) **stale**" in told
    assert "~~yes~~" in told
    assert "**Stale:** overall-metrics, weak-class:" in told.partition("## ")[0]
    assert "~~" not in part(told, "Explainability")
    names = [f.name for f in model_card(checklist(CLASSES, SHAP, stale=("weak-class",))).figures()]
    assert names == ["feature-importance-1"]
    assert live(checklist(BINARY, stale=("overall-metrics",)))["facts"]["performance.accuracy"][0].endswith("(stale)")


def test_own_sections_come_after_and_only_with_something_to_show():
    """Results, explanations, leakage, readiness."""
    full, bare = card(CLASSES, GROUPS, SHAP, LEAK), card(BINARY)

    in_order(
        full,
        [
            "## Ethical Considerations",
            "## Results by Class and by Group",
            "## Explainability",
            "## Leakage and Split Protocol",
            "## Readiness",
        ],
    )
    assert "| f | 0.500 \\[0.400, 0.600\\] | 90 |" in full
    assert "| g0 |" not in full
    assert "By sex × age" in full
    assert "## Explainability" not in bare
    assert "## Leakage" not in bare


def test_readiness_shows_the_gate_flags_words_and_versions():
    """What a reviewer asks: who waived what, until when, on which versions, which variables."""
    marks = (
        Mark(
            code="DAT-03",
            kind=MarkKind.WAIVED,
            note="a <public> benchmark",
            by="Ann",
            at="2026-11-20T08:00:00+00:00",
            until="2099-01-31",
        ),
        Mark(
            code="BUS-01",
            kind=MarkKind.ATTESTED,
            note="see charter",
            link="https://wiki.example/c",
            by="Bo",
            at="2026-11-21T08:00:00+00:00",
        ),
    )
    ready = part(card(LEAK, BINARY, marks=marks, targets=("recall >= 0.8",)), "Readiness")
    raised = part(card(LEAK), "Readiness")

    assert "a &lt;public> benchmark | Ann | 2026-11-20 | 2099-01-31 |" in ready
    assert "see charter `https://wiki.example/c` | Bo | 2026-11-21 |" in ready
    assert "scikit-learn 1.9.0" in ready
    assert "| X_test | Xb | 500 × 12 |" in ready
    assert "recall >= 0.8" in ready
    assert "2026-11-25 10:20:30 UTC" in ready
    assert "**Significant data leakage present**: 30 of 500" in raised
    assert "Not ready" in raised


def test_marks_and_text_of_strangers_stay_text():
    """Notes, variables, card text, finding messages."""
    bad = "[x](https://evil.example) <script>alert(1)</script>"
    mark = Mark(code="BUS-01", kind=MarkKind.ATTESTED, note=bad, by=bad, at="2026-11-21")
    told = card(
        found("weak-class", "warn", bad),
        marks=(mark,),
        card={"intended_use.primary_use": bad},
        facts={"training_data.dataset": (bad, bad)},
    )

    assert "](http" not in told
    assert "<script" not in told
    assert told.count("&lt;script>") >= 5


def test_the_runbook_takes_steps_boxes_and_goals():
    """Each line of a person's text is a step; a ticked box is ticked."""
    words = {
        "runbook_deployment_steps.1": "build\npush",
        "runbook_verification.logs_flowing": "done",
        "runbook_contacts.on_call": "Ann, 1",
    }
    told = to_markdown(runbook(checklist(BINARY, card=words, targets=("p95_latency_ms <= 50",))))

    in_order(
        told,
        [
            "1. build\n2. push\n3. _not filled yet: With exact commands_",
            "- [ ] Latency acceptable (goal: p95_latency_ms &lt;= 50)",
            "- [x] Logs flowing",
            "- **On-call:** Ann, 1",
        ],
    )
    assert "**6 of 8 fields" in told


def test_facts_reach_the_panel_with_their_source():
    """Objects over findings, cut to what a field of the editor can show."""
    long = found("weak-class", "warn", "x" * 900)
    told = fields.facts(checklist(BINARY, long))

    assert told["performance.accuracy"] == ["0.912 (95 % interval 0.884 to 0.934, n = 500)", "overall-metrics"]
    assert told["training_data.size"] == ["1,500 rows × 12 columns", "Xa"]
    assert len(told["limitations.edge_cases_where_model_fails"][0]) == 400
    assert told["model_details.date"][0] == "2026-11-25"


def test_lost_tables_are_said():
    """A saved run that had to be made small; not where tables are there."""
    said = "tables of these checks were not kept"

    assert said in part(card(replace(CLASSES, tables=())), "Results by Class and by Group")
    assert said not in card(CLASSES)


def test_an_estimate_without_interval_shows_what_it_has():
    """No empty brackets."""
    assert fields.estimated(Estimate(value=0.5)) == "0.500"
    assert fields.estimated(e(0.5)) == "0.500 (n = 500)"
