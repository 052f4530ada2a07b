"""Is there a model card that is more than a template, a list of known issues, a change log: what the files say."""

from __future__ import annotations

import re

from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding, Strength
from mlready_nb.project import Project, Said, good, settle, weak
from mlready_nb.project.prose import Document

_CARD = re.compile(r"model[-_ ]?card", re.IGNORECASE)
_PARTS = {"intended use": r"intended|use[sd]?\b|purpose", "training data": r"training data|data(set)?", "performance": r"performance|metric|evaluation|results",
          "limitations": r"limit|caveat|bias|risk|known issues"}  # fmt: skip


@check("MNT-03.1", "MNT-03.2", "MNT-03.3")
def kept_documents(project_files: Project, *, most_holes: int = 2) -> Finding:
    """A model card that is filled in, known issues, and a log of changes with dates.

    What it measures: MODEL_CARD.md (or a README with a model card's sections): are use, data, performance and limitations
    there and filled; a section or file of known issues or limitations; a CHANGELOG with entries.

    Why it matters: A card that still says [Name] tells the next person that nobody read it.

    Blind spots: Whether it is true and of this model.

    How to mend: %mlready export MODEL_CARD.md fills it from what was measured.
    """
    prose = project_files.prose
    cards = [d for d in prose if _CARD.search(d.path)]
    cards = cards or [d for d in prose if "/" not in d.path and any(_CARD.search(s.title) for s in d.sections)]
    cards = cards or [
        d
        for d in prose
        if "/" not in d.path
        and d.text.startswith("---")
        and re.search(r"^(library_name|pipeline_tag|model-index):", d.text[:3000], re.MULTILINE)
    ]
    return settle(
        project_files.tree,
        {
            "MNT-03.1": [_judged(d, most_holes) for d in cards[:3]],
            "MNT-03.2": _issues(prose),
            "MNT-03.3": _log(project_files, prose),
        },
        "no model card, known issues or CHANGELOG",
        strength=Strength.HEURISTIC,
    )


def _judged(card: Document, most_holes: int) -> Said:
    missing = [name for name, pattern in _PARTS.items() if (s := card.section(pattern)) is None or s.words < 4]
    holes = card.whole.holes
    if holes > most_holes:
        return weak(
            f"is a model card with {holes} places still to fill in",
            card.path,
            "Fill them, or %mlready export MODEL_CARD.md.",
        )
    if missing:
        return weak(f"is a model card that says nothing of {', '.join(missing)}", card.path, "Add a section for each.")
    return good("is a model card, filled in", card.path)


def _issues(prose: list[Document]) -> Said | None:
    prose = [d for d in prose if d.path.count("/") < 2]
    for document in prose:
        section = document.section(r"known (issues|limitations|problems|bugs)|limitations|caveats|failure modes")
        if section is not None and section.filled:
            return good("names known issues", f"{document.path}:{section.line}")
    for document in prose:
        if re.search(r"known[-_ ]?issues|limitations", document.path, re.IGNORECASE) and document.whole.filled:
            return good("names known issues", document.path)
    empty = next(((d, s) for d in prose if (s := d.section(r"known (issues|limitations|problems)|limitations"))), None)
    return (
        weak(
            "has a heading for known issues and nothing under it",
            f"{empty[0].path}:{empty[1].line}",
            "Write what is known to go wrong.",
        )
        if empty
        else None
    )


def _log(project: Project, prose: list[Document]) -> Said | None:
    for file in project.tree.named("changelog*", "changes*", "history*", "release*notes*", "news*"):
        if file.suffix not in (".md", ".rst", ".txt", "") or (
            "/" in file.path and not file.path.lower().startswith("docs/")
        ):
            continue
        text = project.tree.text(file)
        entries = re.findall(
            r"\d+\.\d+|\d{4}-\d{2}-\d{2}|\b(?:January|February|March|April|May|June|July|August|September|October|November|December) \d",
            text,
        )
        if entries:
            return good("logs the changes", file.path)
        return weak(
            "is a change log without a version or date", file.path, "Write ## 1.1.0 (2026-11-25) and what changed."
        )
    for document in prose:
        section = document.section(r"^\W*(change ?log|release notes|version history|what'?s new|updates)\W*$")
        if section is not None and section.words >= 5:
            return good("logs the changes", f"{document.path}:{section.line}")
    return None
