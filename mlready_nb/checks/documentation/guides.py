"""Is there a deployment guide, an incident runbook, a maintenance runbook, and do they hold anything: what the files say."""

from __future__ import annotations

import re

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding, Strength
from mlready_nb.project import Project, Said, good, settle, weak
from mlready_nb.project.prose import Document, Section

_GUIDE = re.compile(r"deploy|install|operations|runbook|getting[-_ ]?started|usage", re.IGNORECASE)
_RUNBOOK = re.compile(
    r"run-?book|play-?book|incident|on-?call|(^|[-_/])operations|maintenance|(?<!p)retrain|rollback|roll-back",
    re.IGNORECASE,
)
_TITLE = re.compile(r"run-?book|incident|on-?call|maintenance", re.IGNORECASE)
_CONTACT = re.compile(
    r"[\w.+-]+@[\w-]+\.\w+|\+?\d[\d ()-]{6,}\d|#[a-z][\w-]{2,}|pagerduty|opsgenie|slack|teams channel|@[a-z][\w-]+",
    re.IGNORECASE,
)

_SERVES = re.compile(
    r"docker (run|compose|push|build)|docker-compose|kubectl|helm |uvicorn|gunicorn|gcloud |\baws |\baz |terraform|bentoml|mlflow models|flask run|fastapi (run|dev)|make (deploy|up|run|serve)|heroku|fly deploy|serverless|sam deploy"
)

#: sub-bullet -> (titles of sections, what it is called, must hold commands, which documents)
_WANTED: dict[str, tuple[str, str, bool, re.Pattern[str] | None]] = {
    "DOC-03.1": (r"deploy|install|set-?up|release|how to run|running|getting started|quick ?start|usage", "steps of the deployment", True, None),
    "DOC-03.2": (r"config|environment variables?|settings|parameters|env vars", "configuration", False, None),
    "DOC-03.3": (r"troubleshoot|faq|common (issues|problems|errors)|known issues|debug", "troubleshooting", False, None),
    "RBK-01.1": (r"common (issues|problems|errors|incidents)|symptom|troubleshoot|playbook|issues and|incident|alerts?\b|diagnos|mitigation|what to do", "issues and what to do", False, _RUNBOOK),
    "RBK-01.2": (r"escalat|severity|sev-?\d|on-?call|response (process|procedure)|when to (page|call)", "escalation", False, _RUNBOOK),
    "RBK-01.3": (r"contact|on-?call|owner|who to call|escalat|support|team", "contacts", False, _RUNBOOK),
    "RBK-02.1": (r"(?<!p)re-?train(?!ed)|training procedure|model refresh", "retraining", True, _RUNBOOK),
    "RBK-02.2": (r"(model )?(update|upgrade|promotion|promote|release)|new (model )?version|deploy(ing|ment)? (a |of )?(new )?model|rollout|deploy", "updates of the model", False, _RUNBOOK),
    "RBK-02.3": (r"roll[- ]?back|revert|restor|way back", "rollback", True, _RUNBOOK),
}  # fmt: skip


@check(*_WANTED)
def guides(project_files: Project) -> Finding:
    """A guide to deploy it, a runbook for incidents, a runbook for maintenance, filled in.

    What it measures: Sections of the Markdown and reStructuredText files by their headings: steps with commands,
    configuration, troubleshooting; in runbooks issues, escalation, contacts, retraining, update, rollback. A section that
    holds only holes of a template ([Name], TODO, ...) does not count.

    Why it matters: The person who has to act at night did not write the model.

    Blind spots: Whether what is written is right, and tried; documents on a wiki: link them when you attest.

    How to mend: %mlready export --runbook writes a frame to fill in.
    """
    said = {code: _found(project_files.prose, code) for code in _WANTED}
    return settle(
        project_files.tree,
        said,
        "no deployment guide and no runbook (docs/*.md, RUNBOOK.md)",
        strength=Strength.HEURISTIC,
    )


def _found(documents: list[Document], code: str) -> Said | None:
    titles, words, commands, where = _WANTED[code]
    about = [
        d
        for d in documents
        if where is None
        or where.search(d.path.rpartition("/")[2])
        or any(_TITLE.search(s.title) for s in d.sections[:1])
    ]
    if where is None:
        about = [d for d in about if _GUIDE.search(d.path) or "/" not in d.path or d.path.lower().startswith("docs")]
        about = [
            d
            for d in about
            if not re.search(
                r"changelog|contributing|code_of|agents|claude|security|license|model_?card|issue_template|pull_request|\.github/",
                d.path,
                re.IGNORECASE,
            )
        ]
    sections = [(d, s) for d in about for s in d.sections if re.search(titles, s.title, re.IGNORECASE)]
    if where is not None:  # a runbook's own title names everything and holds everything
        sections = [(d, s) for d, s in sections if s.level > 1 or len(d.sections) == 1]
        if code == "RBK-01.3":
            sections = [(d, s) for d, s in sections if _CONTACT.search(s.body) or not s.filled] or sections
    elif code == "DOC-03.1":
        plain = re.compile(r"^\W*(\d+[.)]?\s*)?(how to )?deploy(ing|ment)?\b", re.IGNORECASE)
        sections = [
            (d, s)
            for d, s in sections
            if _SERVES.search(s.body) or plain.search(s.title) or re.search("deploy", d.path)
        ]
    if not sections:
        runbook = next((d for d in about if where is not None), None)
        if runbook is not None and runbook.whole.filled and (where is not None) and _kind(runbook) in (code[:6], ""):
            return weak(f"says nothing of {words}", runbook.path, f"Add a section on {words}.")
        return None
    full = [
        (d, s)
        for d, s in sections
        if s.filled and (not commands or s.commands or _numbered(s)) and (code != "RBK-01.3" or _CONTACT.search(s.body))
    ]
    if full:
        document, section = full[0]
        return good(f"holds {words}", f"{document.path}:{section.line}")
    document, section = max(sections, key=lambda p: p[1].words)
    if where is None and section.level == 1 and not re.search("deploy|install", document.path, re.IGNORECASE):
        return None  # the README's own title
    if not section.filled:
        return weak(
            f"has a heading for {words} and little or nothing under it",
            f"{document.path}:{section.line}",
            f"Fill in the section on {words}.",
        )
    if code == "RBK-01.3":
        return weak(
            "names no way to reach anybody",
            f"{document.path}:{section.line}",
            "Write names with a channel, an address or a number.",
        )
    if code == "DOC-03.1" and not re.search("deploy|install", document.path, re.IGNORECASE):
        return None  # a README that speaks of deployment is no guide that lacks its commands
    return weak(
        f"describes {words} without a command to type",
        f"{document.path}:{section.line}",
        f"Write the commands for {words}.",
    )


def _numbered(section: Section) -> bool:
    return len(re.findall(r"^\s*\d+[.)]\s+\S", section.body, re.MULTILINE)) >= 2


def _kind(document: Document) -> str:
    """Which of the two runbooks a file is, by its name; empty when it may be both."""
    name = document.path.rpartition("/")[2].lower()
    if re.search(r"incident|on-?call", name):
        return "RBK-01"
    if re.search(r"maint|(?<!p)retrain", name):
        return "RBK-02"
    return "" if re.search(r"run-?book", name) else "neither"
