"""The checklist as it stands, as plain HTML: what a saved notebook shows where no kernel answers.

Styles stand inline, since sanitisers take style sheets out; every text is escaped.
"""

from __future__ import annotations

from html import escape

from mlready_nb.checklist import RAISED, Checklist
from mlready_nb.views.payload import gate_reason
from mlready_nb.views.words import GATE, STATUS

_TONE = {"good": "#1a7f37", "warn": "#8a5a00", "bad": "#c62828", "unsure": "#6f42c1", "muted": "#777"}
#: Messages are cut here: this is a summary, the report has them whole.
_LONGEST = 140


def snapshot_html(checklist: Checklist) -> str:
    """One block of HTML, at most about 30 KB."""
    gate = GATE[checklist.gate]
    done, total = checklist.progress()
    out = [
        '<div style="border:1px solid #bbb;border-radius:6px;padding:12px 16px;max-width:60em;font-size:13px">',
        f'<div style="font-size:16px"><b style="color:{_TONE[gate.tone]}">{gate.icon} {gate.word}</b> &nbsp;',
        f"<span>{escape(gate_reason(checklist))}</span></div>",
        f'<div style="opacity:.75;margin:2px 0 8px">{done} of {total} items settled. ',
        "A snapshot: run this cell (%mlready) to go on.</div>",
    ]
    out += [
        f'<div style="color:{_TONE["bad"]}">✕ <b>Red flag: {escape(f.item.title)}</b> {escape(_cut(f.message))}</div>'
        for f in checklist.red_flags
        if f.status == RAISED
    ]
    for area in checklist.catalogue.areas:
        entries = checklist.area(area.key)
        if not entries:
            continue
        settled = sum(e.done for e in entries)
        is_open = " open" if any(e.status == "fail" for e in entries) else ""
        out.append(
            f'<details{is_open} style="margin-top:6px"><summary style="cursor:pointer"><b>{escape(area.short)}</b> '
            f'<span style="opacity:.7">{settled}/{len(entries)}</span></summary>'
        )
        for entry in entries:
            word = STATUS[str(entry.status)]
            said = f' <span style="opacity:.75">{escape(_cut(entry.message))}</span>' if entry.message else ""
            old = " (stale)" if entry.stale else ""
            out.append(
                f'<div style="margin:2px 0 2px 14px"><span style="color:{_TONE[word.tone]}">{word.icon} {word.word}{old}</span> '
                f"{escape(entry.item.title)}{said}</div>"
            )
        out.append("</details>")
    out.append("</div>")
    return "".join(out)


def _cut(text: str) -> str:
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
