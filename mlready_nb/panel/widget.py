"""The panel's kernel side: sends what there is to show, carries out what is clicked. Every handler returns at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from mlready_nb.git import author
from mlready_nb.kernel import Kernel
from mlready_nb.stores.frontend import FrontEndStore
from mlready_nb.views.payload import detail, live, words
from mlready_nb.views.snapshot import snapshot_html

_HERE = Path(__file__).parent

#: What a saved notebook shows without a kernel: a text that was made and escaped here, no script.
_STILL = "export default { render({ model, el }) { el.innerHTML = model.get('snapshot'); } }"


class ReadyWidget(anywidget.AnyWidget):  # type: ignore[misc]
    """What travels: the words once, the live values whenever something changed."""

    _esm = (_HERE / "panel.js").read_text(encoding="utf-8")
    _css = (_HERE / "panel.css").read_text(encoding="utf-8")

    words = traitlets.Dict().tag(sync=True)
    live = traitlets.Dict().tag(sync=True)

    snapshot: Callable[[], str] | None = None

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The widget, and for whoever cannot show it the checklist as it stands now."""
        made = super()._repr_mimebundle_(**kwargs)
        data, metadata = made if isinstance(made, tuple) else (made, {})
        if data is None or self.snapshot is None:
            return made
        return {**data, "text/html": self.snapshot()}, metadata


class Panel:
    """One panel on one kernel's session.

    Parameters
    ----------
    kernel
        Gives the session, and takes the cells that the front end shows.
    """

    def __init__(self, kernel: Kernel) -> None:
        self.kernel, self.session = kernel, kernel.session
        self.widget = ReadyWidget(words=words(self.session.catalogue), live=self._live())
        self.widget.snapshot = self._snapshot
        self._lock = threading.Lock()
        self._shown = False
        self._handlers: dict[str, Callable[..., Any]] = {
            "hello": self._hello,
            "theirs": self._theirs,
            "stored": self._stored,
            "filed": self._filed,
            "run": self._run,
            "stop": self._stop,
            "detail": self._detail,
            "figure": self._figure,
            "mark": self._mark,
            "unmark": self._unmark,
            "card": self._card,
            "use": self._use,
            "target": self._target,
            "refresh": self._refresh,
            "export": self._export,
        }
        self.store = FrontEndStore(self._keep)
        self.session.store = self.store
        self.session.subscribe(self._heard)
        self.widget.on_msg(self._asked)

    def show(self) -> ReadyWidget:
        """What a cell displays."""
        self.widget.live = self._live()
        self._shown = True
        if self.store.connected:
            self.widget.send(self._still())
        return self.widget

    # -- telling -------------------------------------------------------------
    def _heard(self, event: str) -> None:
        if event == "progress":
            self.widget.send({"progress": self._progress()})
        elif event == "saved":
            self.widget.send({"saved": list(self._saved())})
        else:
            with self._lock:
                self.widget.live = self._live()
            self.widget.send({"progress": self._progress()})

    def _progress(self) -> dict[str, Any] | None:
        p = self.session.progress
        if p is None:
            return None
        return {
            "done": p.done,
            "total": p.total,
            "check": p.check,
            "elapsed": round(p.elapsed, 1),
            "left": round(p.left, 1),
        }

    def _live(self) -> dict[str, Any]:
        session = self.session
        waiting = session.waiting()
        found = session.discovery
        model = session.subjects.model
        return live(
            session.checklist(),
            saved=self._saved(),
            waiting=waiting,
            questions=[(q.subject, q.text, q.options) for q in found.questions] if found else (),
            notes=found.notes if found else (),
            recovered=session.recovered,
            problem=session.problem,
            ready_checks=len(session.checks) - len(waiting),
            kind=_kind(model),
            author=author(session.project),
        )

    def _saved(self) -> tuple[str, str]:
        saved = self.session.saved
        sentences = {
            "saved": "Kept in this notebook; Ctrl+S writes the file",
            "pending": "Handing over to the notebook …",
            "failed": f"Not kept: {saved.why}",
            "nowhere": "Nothing to keep yet",
        }
        return saved.status, sentences[saved.status]

    def _snapshot(self) -> str:
        return snapshot_html(self.session.checklist())

    def _still(self) -> dict[str, Any]:
        """The widget as it is kept in the file: for who opens it without a kernel."""
        if not self._shown:
            return {}
        names = (
            "_model_module",
            "_model_module_version",
            "_model_name",
            "_view_module",
            "_view_module_version",
            "_view_name",
        )
        state = {name: getattr(self.widget, name) for name in names}
        own = {"_esm": _STILL, "_css": "", "_anywidget_id": "mlready_nb.panel.still", "snapshot": self._snapshot()}
        return {"model_id": self.widget.model_id, "still": {**state, **own, "layout": None}}

    def _keep(self, message: dict[str, Any]) -> None:
        self.widget.send({**message, **self._still()})

    # -- hearing -------------------------------------------------------------
    def _asked(self, _: Any, message: Any, _buffers: Any = None) -> None:
        """One command: `{"id", "do", "with"}`; the answer is `{"id", "ok"}` or `{"id", "error"}`."""
        if not isinstance(message, Mapping) or "do" not in message:
            return
        answer: dict[str, Any] = {"id": message.get("id")}
        handler = self._handlers.get(str(message["do"]))
        try:
            if handler is None:
                raise LookupError(f"the panel knows no command {message['do']!r}")
            answer["ok"] = handler(**dict(message.get("with") or {}))
        except Exception as error:
            answer["error"] = (
                str(error.args[0] if isinstance(error, KeyError) and error.args else error) or type(error).__name__
            )
        self.widget.send(answer)

    def _hello(
        self, raw: Any = None, cells: Any = (), can_store: bool = False, why: str = "", **_: Any
    ) -> dict[str, Any]:
        self._take_cells(cells)
        if raw is not None:
            self.session.adopt(raw)
        else:
            self.session.refresh()
        if not can_store:
            self.store.connected = True
            self.session.stored(False, why)
        elif self.store.hello() or (raw is None and _worth_keeping(self.session.state)):
            self.store.save(self.session.state)
        else:
            self.widget.send(self._still())
            if raw is not None:
                self.session.stored(True)
        return {"progress": self._progress()}

    def _theirs(self, raw: Any) -> None:
        """Somebody else wrote into the open notebook: merged, and written back where that says more."""
        self.session.adopt(raw)
        if self.session.problem is None and _said(self.session.state.to_json()) != _said(raw):
            self.store.save(self.session.state)

    def _take_cells(self, cells: Any) -> None:
        pairs = tuple((str(c[0]), str(c[1])) for c in cells or () if isinstance(c, (list, tuple)) and len(c) == 2)
        if pairs:
            self.kernel.notebook_cells = pairs

    def _stored(self, ok: bool, why: str = "", turn: int | None = None) -> None:
        if turn is None or turn == self.store.turn:  # an answer to an older hand-over says nothing of the newest
            self.session.stored(bool(ok), str(why))

    def _filed(self, turn: int | None = None) -> None:
        """The notebook's file was written; with the newest state in it, nothing is left to recover."""
        if turn == self.store.turn and self.session.journal is not None:
            self.session.journal.clear()
            self.session.recovered = None

    def _run(self, names: Any = (), stale_only: bool = False, cells: Any = ()) -> None:
        self._take_cells(cells)
        self.session.start(tuple(map(str, names or ())), stale_only=bool(stale_only))

    def _stop(self) -> None:
        self.session.stop()

    def _detail(self, code: str) -> dict[str, Any]:
        return detail(self.session.checklist(), code, {c.name: c for c in self.session.checks}, self.session.waiting())

    def _figure(self, check: str, table: int, dark: bool = False) -> str | None:
        from mlready_nb.views.figures import figure_svg

        finding = next(f for f in self.session.state.run or () if f.check == check and len(f.tables) > table)
        return figure_svg(finding.tables[table], dark=dark)

    def _mark(
        self, code: str, kind: str, note: str = "", link: str = "", until: str | None = None, by: str = ""
    ) -> None:
        self.session.mark(code, kind, note=note, link=link, until=until, by=by)

    def _unmark(self, code: str) -> None:
        self.session.unmark(code)

    def _card(self, key: str, text: str) -> None:
        self.session.edit_card(key, text)

    def _use(self, **choices: str) -> None:
        self.session.use(choices)

    def _target(self, goals: Any) -> None:
        self.session.target([str(g) for g in goals])

    def _refresh(self) -> None:
        self.session.refresh()

    def _export(self, form: str) -> list[str]:
        from mlready_nb.views import export

        path = self.session.project / export.NAMES[form]
        return [str(written) for written in export.WRITERS[form](self.session.checklist(), path)]


def _said(raw: Any) -> list[Any]:
    """What must not be lost of a state."""
    return [raw.get(k) for k in ("marks", "card", "use", "targets")] if isinstance(raw, Mapping) else []


def _worth_keeping(state: Any) -> bool:
    return bool(state.marks or state.card or state.run or state.use or state.targets)


def _kind(model: Any) -> str:
    from mlready_nb.adapters import describe

    if model is None:
        return ""
    try:
        return describe(model).kind
    except Exception:  # a proxy that raises on every attribute
        return type(model).__name__
