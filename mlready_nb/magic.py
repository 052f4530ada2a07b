"""`%mlready` and `%%mlready`: the words a person types in a notebook."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from IPython.core.magic import Magics, line_cell_magic, magics_class

from mlready_nb.marks import evidence

USAGE = """\
%mlready                                    open the panel
%mlready check [name ...]                   run all checks, or those of these names or item codes
%mlready use model=clf X_test=Xte sensitive=sex,race
%mlready target recall>=0.8 p95_latency_ms<=50
%mlready status                             where it stands, in words
%mlready attest CODE --note ... --link ... [--file PATH] [--by NAME] [--until 2027-01-31]
%mlready waive CODE --reason ... --until 2027-01-31
%mlready na CODE --reason ...               not applicable
%mlready unmark CODE                        take it back
%mlready card [FIELD TEXT]                  show the model card, or fill a field of it
%mlready export [PATH] [--runbook] [--html] [--json] [--hf] [--bom]
%mlready verify http://127.0.0.1:8000       ask the service for the runbook's boxes (this machine only)
%mlready explain CODE|check
%mlready watch on|off                       after each cell, check what it changed
%mlready reset --yes                        forget marks, card, findings and bindings"""


class Advice(Exception):
    """Something to tell the person instead of a traceback."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Any:
        raise Advice(f"{message}\n{self.format_usage().strip()}")


@magics_class
class ReadyMagics(Magics):
    """One magic, one word each."""

    def __init__(self, shell: Any) -> None:
        super().__init__(shell)
        self._kernel: Any = None
        self._panel: Any = None
        self._watch_over: Any = None
        self._commands: dict[str, Callable[[list[str]], Any]] = {
            "check": self._check,
            "use": self._use,
            "target": self._target,
            "status": self._status,
            "attest": self._attest,
            "waive": self._waive,
            "na": self._not_applicable,
            "unmark": self._unmark,
            "card": self._card,
            "export": self._export,
            "explain": self._explain,
            "verify": self._verify,
            "watch": self._watch,
            "reset": self._reset,
            "help": lambda _: print(USAGE),  # noqa: T201
        }

    # -- life cycle ----------------------------------------------------------
    @property
    def kernel(self) -> Any:
        """The session's kernel, made at the first use."""
        if self._kernel is None:
            from mlready_nb.kernel import Kernel

            self._kernel = Kernel(self.shell)
            self._kernel.cell_ids.update(_EARLY_IDS)
        return self._kernel

    @property
    def session(self) -> Any:
        """What everything goes through."""
        return self.kernel.session

    def _bridge(self) -> Any:
        """The panel's widget; undisplayed it still carries the state into the notebook."""
        if self._panel is None and self.kernel.has_front_end:
            from mlready_nb.panel.widget import Panel

            self._panel = Panel(self.kernel)
        return self._panel

    def before_cell(self, info: Any) -> None:
        """IPython's `pre_run_cell`."""
        if self._kernel is None:
            cell_id = getattr(info, "cell_id", None)
            if cell_id and getattr(info, "store_history", True):
                _EARLY_IDS[self.shell.execution_count] = cell_id
        else:
            self._kernel.before_cell(info)

    def after_cell(self, result: Any) -> None:
        """IPython's `post_run_cell`: a model or a split may have appeared."""
        if self._kernel is None or not getattr(getattr(result, "info", None), "store_history", True):
            return
        if self._watch_over is not None:
            self._watched(str(getattr(result.info, "raw_cell", "")))
        elif self._panel is not None and not self.session.running:
            try:
                self.session.refresh()
            except Exception as error:
                self.session.problem = str(error)

    # -- the magic -----------------------------------------------------------
    @line_cell_magic
    def mlready(self, line: str, cell: str | None = None) -> Any:
        """Open the panel, or carry out one command; `%mlready help` lists them."""
        try:
            if cell is not None:
                return self._run_cell(line, cell)
            words = shlex.split(line)
            if not words:
                return self._open()
            command = self._commands.get(words[0])
            if command is None:
                import difflib

                near = difflib.get_close_matches(words[0], self._commands, n=1)
                hint = f"did you mean `%mlready {near[0]}`?" if near else "these there are:"
                raise Advice(f"%mlready has no command {words[0]!r}; {hint}\n{USAGE}")
            return command(words[1:])
        except Advice as advice:
            self._say(str(advice))
        except (ValueError, LookupError, OSError) as error:
            self._say(_words(error))
        return None

    def _open(self) -> Any:
        self.session.refresh(tell=False)
        panel = self._bridge()
        if panel is None:
            return self._status([])
        return panel.show()

    def _run_cell(self, line: str, cell: str) -> None:
        from mlready_nb.watch import one_cell

        names = shlex.split(line)
        self.session.refresh(tell=False)
        self.shell.run_cell(cell, store_history=False)
        self._say(one_cell(self.session, names))

    def _watched(self, source: str) -> None:
        try:
            self._watch_over.after_cell(source)
        except Exception as error:  # a cell of theirs must not seem to fail because of us
            self.session.problem = str(error)
            self._say(f"watching failed after this cell ({type(error).__name__}: {error}); %mlready watch off ends it")

    # -- commands ------------------------------------------------------------
    def _check(self, words: list[str]) -> Any:
        self._bridge()
        return self.session.check(words)

    def _use(self, words: list[str]) -> None:
        pairs = [w.partition("=") for w in words]
        if not words or any(not eq or not name or not value for name, eq, value in pairs):
            raise Advice("say which variable is what: %mlready use model=clf X_test=Xte sensitive=sex,race")
        self._bridge()
        self.session.use({name: value for name, _, value in pairs})
        for name, origin in self.session.subjects.origin.items():
            self._say(f"{name:<18} {origin.variable:<24} {origin.how}")

    def _target(self, words: list[str]) -> None:
        if not words:
            raise Advice("state a goal: %mlready target recall>=0.8 p95_latency_ms<=50")
        self._bridge()
        goals = self.session.target(_rejoin(words))
        self._say("goals: " + ", ".join(map(str, goals)))

    def _status(self, words: list[str]) -> None:
        from mlready_nb.views.text import status_text

        _no_more(words)
        if self.session.discovery is None:
            self.session.refresh(tell=False)
        self._say(status_text(self.session.checklist()))

    def _mark(self, words: list[str], kind: str, reason: str) -> None:
        parser = _Parser(prog=f"%mlready {kind}", add_help=False)
        parser.add_argument("code")
        parser.add_argument(f"--{reason}", dest="note", default="")
        parser.add_argument("--link", default="")
        parser.add_argument("--file")
        parser.add_argument("--by", default="")
        parser.add_argument("--until")
        said = parser.parse_args(words)
        link = " ".join(t for t in (said.link, evidence(said.file, self.session.project)) if t)
        self._bridge()
        kinds = {"attest": "attested", "waive": "waived", "na": "not_applicable"}
        mark = self.session.mark(said.code, kinds[kind], note=said.note, link=link, until=said.until, by=said.by)
        self._say(f"{mark.code} {mark.kind} by {mark.by}" + (f" until {mark.until}" if mark.until else ""))
        days = self.session.catalogue[mark.code.partition(".")[0]].valid_days
        if days and not mark.until:
            until = date.today() + timedelta(days=days)
            self._say(f"a word on this is usually good for {days} days; to say so, add: --until {until}")

    def _attest(self, words: list[str]) -> None:
        self._mark(words, "attest", "note")

    def _waive(self, words: list[str]) -> None:
        self._mark(words, "waive", "reason")

    def _not_applicable(self, words: list[str]) -> None:
        self._mark(words, "na", "reason")

    def _unmark(self, words: list[str]) -> None:
        if len(words) != 1:
            raise Advice("say which item: %mlready unmark EVA-04")
        self._bridge()
        self.session.unmark(words[0])

    def _card(self, words: list[str]) -> Any:
        if words:
            if len(words) < 2:
                raise Advice('say the field and its text: %mlready card intended_use.primary_use "Rank loan requests"')
            self._bridge()
            self.session.edit_card(words[0], " ".join(words[1:]))
            return None
        from IPython.display import Markdown

        from mlready_nb.views.card import model_card
        from mlready_nb.views.document import to_markdown

        if self.session.discovery is None:
            self.session.refresh(tell=False)
        return Markdown(to_markdown(model_card(self.session.checklist())))

    def _export(self, words: list[str]) -> None:
        from pathlib import Path

        from mlready_nb.views import export

        parser = _Parser(prog="%mlready export", add_help=False)
        parser.add_argument("path", nargs="?")
        for form in ("runbook", "html", "json", "hf", "bom"):
            parser.add_argument(f"--{form}", action="store_const", const=form, dest="form", default="card")
        said = parser.parse_args(words)
        if self.session.discovery is None:
            self.session.refresh(tell=False)
        path = Path(said.path) if said.path else self.session.project / export.NAMES[said.form]
        for written in export.WRITERS[said.form](self.session.checklist(), path):
            self._say(f"wrote {written}")

    def _explain(self, words: list[str]) -> None:
        from mlready_nb.views.text import explain_text

        if len(words) != 1:
            raise Advice("say what to explain: %mlready explain DAT-03, or %mlready explain row-overlap")
        self._say(explain_text(words[0], self.session.catalogue, self.session.checks))

    def _verify(self, words: list[str]) -> Any:
        if len(words) != 1:
            raise Advice("say where the service is: %mlready verify http://127.0.0.1:8000")
        self._bridge()
        return self.session.verify(words[0])

    def _watch(self, words: list[str]) -> None:
        if words not in (["on"], ["off"]):
            raise Advice("say %mlready watch on, or %mlready watch off")
        if words == ["off"]:
            self._watch_over = None
            self._say("watching is off")
            return
        from mlready_nb.watch import BUDGET, Watch

        self._watch_over = self._watch_over or Watch(self.session, self._say)
        self._say(
            "watching is on: after each cell its text is read for leaks, and what it changed is checked as far as "
            f"that takes {BUDGET:g} s"
        )

    def _reset(self, words: list[str]) -> None:
        if words != ["--yes"]:
            raise Advice("this forgets marks, card text, findings and bindings; to do so: %mlready reset --yes")
        self._bridge()
        self.session.reset()
        self._say("everything is forgotten")

    @staticmethod
    def _say(text: str) -> None:
        print(text)  # noqa: T201


#: cell ids seen before the first use of the magic
_EARLY_IDS: dict[int, str] = {}


def _no_more(words: Sequence[str]) -> None:
    if words:
        raise Advice(f"nothing more is expected here, found {' '.join(words)!r}\n{USAGE}")


def _rejoin(words: Sequence[str]) -> list[str]:
    """`recall >= 0.8` typed with spaces, as one goal."""
    import re

    return re.findall(r"[A-Za-z_][\w.@-]*\s*(?:>=|<=|>|<)\s*[-+.\deE]+", " ".join(words)) or list(words)


def _words(error: Exception) -> str:
    text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    return text or type(error).__name__


def load(shell: Any) -> None:
    """Register the magic and listen to the cells."""
    magics = ReadyMagics(shell)
    shell.register_magics(magics)
    shell.events.register("pre_run_cell", magics.before_cell)
    shell.events.register("post_run_cell", magics.after_cell)
    shell.mlready_magics = magics


def unload(shell: Any) -> None:
    """Undo `load`."""
    magics = shell.__dict__.pop("mlready_magics", None)
    if magics is not None:
        shell.events.unregister("pre_run_cell", magics.before_cell)
        shell.events.unregister("post_run_cell", magics.after_cell)
        shell.magics_manager.magics["line"].pop("mlready", None)
        shell.magics_manager.magics["cell"].pop("mlready", None)
