"""The commands that run no notebook: export, explain, list, schema, merge."""

from __future__ import annotations

import argparse
import json
import shlex
from pathlib import Path

from mlready_nb.terminal import Usage, document, put, tell, writable

#: Documents that `mlready export` writes, and what each is.
KINDS = {
    "card": "the model card",
    "runbook": "the deployment runbook",
    "html": "the report",
    "hf": "the model card for the Hugging Face hub",
    "bom": "the CycloneDX ML-BOM",
}


def export(said: argparse.Namespace) -> int:
    """Write documents from what is saved in a notebook."""
    from mlready_nb.saved import checklist, kept
    from mlready_nb.stores.ipynb import IpynbStore

    wanted = {kind: getattr(said, kind) for kind in KINDS if getattr(said, kind)}
    if not wanted:
        msg = f"say what to write: mlready export {said.notebook} --card MODEL_CARD.md"
        raise Usage(msg)
    writable(wanted.values())
    found = kept(IpynbStore(said.notebook))
    if found is None:
        msg = f"nothing is saved in {said.notebook}: mlready check {said.notebook} --save"
        raise Usage(msg)
    for kind, out in wanted.items():
        document(kind, checklist(found.state, Path(said.notebook).parent), out)
    if found.stale:
        tell(f"{found.stale}; the documents show what was found then")
    return 0


def explain(said: argparse.Namespace) -> int:
    """What an item asks, or what a check measures."""
    from mlready_nb.rules import rules_of
    from mlready_nb.views.text import explain_text

    rules = rules_of(Path.cwd())
    print(explain_text(said.word, rules.catalogue, rules.checks))
    return 0


def list_items(said: argparse.Namespace) -> int:
    """Who decides each item."""
    from mlready_nb.catalogue.crosswalk import as_csv, as_markdown
    from mlready_nb.rules import rules_of
    from mlready_nb.views.coverage import coverage, coverage_markdown, coverage_text

    rules = rules_of(Path.cwd())
    rows = coverage(rules.catalogue, rules.checks)
    if said.crosswalk:
        text = as_csv(rules.catalogue) if said.crosswalk == "csv" else as_markdown(rules.catalogue)
    elif said.json:
        text = json.dumps(rows, indent=1, ensure_ascii=False)
    else:
        text = coverage_markdown(rows) if said.markdown else coverage_text(rows)
    put("-", text)
    return 0


def workflow(said: argparse.Namespace) -> int:
    """A workflow for GitHub Actions that checks one notebook and holds its gate."""
    from importlib.resources import files

    text = (files("mlready_nb") / "workflow.yml").read_text(encoding="utf-8")
    put("-", text.replace("NOTEBOOK.ipynb", shlex.quote(said.notebook)).rstrip())
    return 0


def schema(_: argparse.Namespace) -> int:
    """The JSON Schema of what is kept."""
    from mlready_nb.state import SCHEMA_FILE

    put("-", SCHEMA_FILE.read_text(encoding="utf-8").rstrip())
    return 0


def merge(said: argparse.Namespace) -> int:
    """Take another copy's marks and card text in."""
    from mlready_nb.merging import take_in, three_way

    if said.base is None:
        state = take_in(said.ours, said.theirs)
        tell(f"{said.ours} now holds {len(state.marks)} marks and {len(state.card)} fields of the card")
        return 0
    if three_way(said.base, said.ours, said.theirs):
        return 0
    tell(f"the cells of {said.ours} are in conflict: resolve git's markers; marks and card are merged")
    return 1
