"""Checklist -> text, documents, figures, the panel's payload."""

from __future__ import annotations

from mlready_nb.finding import PENS, Run


def _html(run: Run) -> str:
    from mlready_nb.views.html import run_html

    return run_html(run)


def _text(run: Run) -> str:
    from mlready_nb.views.text import run_text

    return run_text(run)


PENS.update(html=_html, text=_text)
