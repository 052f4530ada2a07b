"""`mlready`: the same checks without a browser. Results go to stdout, progress and advice to stderr."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from mlready_nb import commands
from mlready_nb.terminal import Usage
from mlready_nb.terminal import document as _document
from mlready_nb.terminal import put as _put
from mlready_nb.terminal import tell as _tell
from mlready_nb.terminal import watched as _watched
from mlready_nb.terminal import writable as _writable

if TYPE_CHECKING:
    from mlready_nb.checklist import Checklist, Gate
    from mlready_nb.headless import Outcome

READY, NOT_READY, UNUSABLE, UNKNOWN = 0, 1, 2, 3

_EPILOG = "exit codes: 0 ready (or with waivers), 1 not ready, 2 usage, unreadable or tampered, 3 unknown or stale"


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):  # a stream that somebody replaced
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    parser = _parser()
    said = parser.parse_args(argv)
    if said.run is None:
        parser.print_help(sys.stderr)
        return UNUSABLE
    try:
        return int(said.run(said))
    except BrokenPipeError:  # `mlready list | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return UNUSABLE
    except KeyboardInterrupt:
        _tell("stopped; nothing was written")
        return 130
    except (ValueError, LookupError, OSError) as error:
        words = error.args[0] if isinstance(error, KeyError) and error.args else error
        _tell(
            str(words).replace("%mlready use ", "--use ").replace("%mlready target ", "--target ")
            or type(error).__name__
        )
        return UNUSABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mlready", description="Is this model ready to go live?", epilog=_EPILOG)
    parser.add_argument("--version", action="version", version=f"mlready-nb {version('mlready-nb')}")
    parser.set_defaults(run=None)
    words = parser.add_subparsers(title="commands", metavar="COMMAND")

    demo = words.add_parser("demo", help="open the demo notebook in JupyterLab, or run it", epilog=_EPILOG)
    demo.add_argument(
        "--headless", action="store_true", help="no browser: run it, print the findings, write the model card"
    )
    demo.add_argument(
        "--dir", type=Path, default=Path("mlready-demo"), metavar="D", help="where to copy it (default: %(default)s)"
    )
    demo.set_defaults(run=_demo)

    check = words.add_parser(
        "check", help="run a notebook in a fresh kernel, then the checks in that kernel", epilog=_EPILOG
    )
    check.add_argument("notebook", nargs="?", metavar="NB.ipynb")
    check.add_argument("--json", metavar="OUT", help="write the report as JSON (- for stdout)")
    check.add_argument("--html", metavar="OUT", help="write the report as one HTML file (- for stdout)")
    check.add_argument("--sarif", metavar="OUT", help="write the findings as SARIF 2.1.0, with cell and line")
    check.add_argument("--junit", metavar="OUT", help="write the checks as JUnit XML")
    check.add_argument("--summary", metavar="OUT", help="add a summary in Markdown to this file ($GITHUB_STEP_SUMMARY)")
    check.add_argument("--github", action="store_true", help="print annotations for GitHub Actions")
    check.add_argument("--save", action="store_true", help="keep what was found in the notebook's metadata")
    check.add_argument(
        "--use", nargs="+", action="extend", default=[], metavar="NAME=VAR", help="which variable is what"
    )
    check.add_argument("--target", nargs="+", action="extend", default=[], metavar="GOAL", help='such as "recall>=0.8"')
    check.add_argument("--only", nargs="+", action="extend", default=[], metavar="NAME", help="checks or item codes")
    check.add_argument(
        "--timeout", type=_seconds, metavar="S", help="seconds that one cell may take (default: no limit)"
    )
    check.set_defaults(run=_check)

    gate = words.add_parser("gate", help="the verdict that is saved in a notebook: no kernel, no model", epilog=_EPILOG)
    gate.add_argument("notebook", nargs="+", metavar="NB.ipynb")
    gate.add_argument("--saved-only", action="store_true", help="pass over notebooks in which nothing is saved")
    gate.add_argument("--allow-unknown", action="store_true", help="let pass what is not known yet, or stale")
    gate.add_argument("--json", action="store_true", help="the report as JSON")
    gate.set_defaults(run=_gate)

    export = words.add_parser("export", help="write documents from what is saved in a notebook", epilog=_EPILOG)
    export.add_argument("notebook", metavar="NB.ipynb")
    for kind, what in commands.KINDS.items():
        export.add_argument(f"--{kind}", metavar="F", help=f"write {what} (- for stdout)")
    export.set_defaults(run=commands.export)

    explain = words.add_parser("explain", help="what an item asks, or what a check measures and where it is blind")
    explain.add_argument("word", metavar="CODE|CHECK")
    explain.set_defaults(run=commands.explain)

    every = words.add_parser("list", help="each item and sub-bullet: who decides it, and by which checks")
    every.add_argument("--json", action="store_true")
    every.add_argument("--markdown", action="store_true", help="as a table")
    every.add_argument(
        "--crosswalk",
        nargs="?",
        const="markdown",
        choices=("markdown", "csv"),
        help="our items against other frameworks",
    )
    every.set_defaults(run=commands.list_items)

    both = words.add_parser("merge", help="take the marks and card text of another copy of a notebook into it")
    both.add_argument("ours", type=Path, metavar="OURS.ipynb", help="the notebook that is written")
    both.add_argument("theirs", type=Path, metavar="THEIRS.ipynb")
    both.add_argument("--base", type=Path, metavar="BASE.ipynb", help="merge the cells too (git's merge driver)")
    both.set_defaults(run=commands.merge)

    workflow = words.add_parser("workflow", help="a workflow for GitHub Actions, to be put under .github/workflows/")
    workflow.add_argument("notebook", metavar="NB.ipynb", help="the notebook, relative to the repository")
    workflow.set_defaults(run=commands.workflow)

    schema = words.add_parser("schema", help="the JSON Schema of what is kept in a notebook's metadata")
    schema.set_defaults(run=commands.schema)
    return parser


def _seconds(text: str) -> float:
    seconds = float(text)
    if seconds <= 0:
        raise argparse.ArgumentTypeError("must be above 0")
    return seconds


# -- commands ------------------------------------------------------------------
def _check(said: argparse.Namespace) -> int:
    from mlready_nb.headless import Options, run_notebook, save
    from mlready_nb.saved import checklist, verdict
    from mlready_nb.state import StateDamaged
    from mlready_nb.stores.ipynb import IpynbStore, NotSaved

    for words in (said.only, said.use, said.target):  # `--only row-overlap nb.ipynb`
        if said.notebook is None and words and words[-1].endswith(".ipynb"):
            said.notebook = words.pop()
    if said.notebook is None:
        msg = "say which notebook: mlready check NB.ipynb"
        raise Usage(msg)
    outs = [out for out in (said.json, said.html, said.sarif, said.junit) if out]
    _writable(outs)
    pairs = [w.partition("=") for w in said.use]
    if not all(name and value for name, _, value in pairs):
        msg = "say which variable is what: --use model=clf X_test=Xte sensitive=sex,race"
        raise Usage(msg)
    store = IpynbStore(said.notebook)
    if said.save:
        with contextlib.suppress(StateDamaged):  # set aside on saving; what is newer is refused here, before the run
            store.load()
    options = Options(
        only=tuple(name for word in said.only for name in word.split(",") if name),
        use={name: value for name, _, value in pairs},
        targets=tuple(said.target),
        timeout=said.timeout,
    )
    outcome = _watched(lambda tick: run_notebook(store, options, tick))
    folder = Path(said.notebook).parent
    shown, gate = checklist(outcome.state, folder), verdict(outcome.state, folder, broken=bool(outcome.errors))
    if "-" not in outs:
        _print_findings(outcome, shown, gate)
    if said.json:
        _put(said.json, _json(shown, gate, outcome))
    if said.html:
        _document("html", shown, said.html)
    _for_pipelines(said, shown, gate)
    code = _code(gate)
    if said.save:
        try:
            save(store, outcome)
        except NotSaved as error:
            _tell(str(error))
            return code or UNUSABLE if outcome.errors else UNUSABLE
        _tell(f"saved in {said.notebook}")
    return code


def _gate(said: argparse.Namespace) -> int:
    """The worst of all notebooks: unusable, not ready, unknown, ready."""
    codes = []
    for notebook in said.notebook:
        if len(said.notebook) > 1:
            _tell(f"{notebook}:")
        one = argparse.Namespace(**{**vars(said), "notebook": notebook})
        try:
            codes.append(_gate_one(one))
        except (ValueError, OSError) as error:
            if len(said.notebook) == 1:
                raise
            _tell(str(error))
            codes.append(UNUSABLE)
    return next((c for c in (UNUSABLE, NOT_READY, UNKNOWN) if c in codes), READY)


def _gate_one(said: argparse.Namespace) -> int:
    from mlready_nb.saved import checklist, kept, verdict
    from mlready_nb.stores.ipynb import IpynbStore

    found = kept(IpynbStore(said.notebook))
    if found is None:
        if said.saved_only:
            return READY
        _tell(f"nothing is saved in {said.notebook}: mlready check {said.notebook} --save")
        return READY if said.allow_unknown else UNKNOWN
    folder = Path(said.notebook).parent
    shown, gate = checklist(found.state, folder), verdict(found.state, folder)
    if said.json:
        _put("-", _json(shown, gate, None))
    else:
        _print_gate(shown, gate)
    if found.stale:
        _tell(f"{found.stale}; run them again: mlready check {said.notebook} --save")
    code = _code(gate)
    return READY if code == UNKNOWN and said.allow_unknown else code


def _demo(said: argparse.Namespace) -> int:
    from mlready_nb import demo

    notebook = demo.copy_to(said.dir)
    if not said.headless:
        return demo.open_lab(notebook)
    from mlready_nb.headless import run_notebook
    from mlready_nb.saved import checklist, verdict
    from mlready_nb.stores.ipynb import IpynbStore
    from mlready_nb.views import export

    _tell(f"running {notebook}")
    outcome = _watched(lambda tick: run_notebook(IpynbStore(notebook), None, tick))
    shown = checklist(outcome.state, notebook.parent)
    _print_findings(outcome, shown, verdict(outcome.state, notebook.parent, broken=bool(outcome.errors)))
    for written in export.WRITERS["card"](shown, notebook.with_name(export.NAMES["card"])):
        print(f"wrote {written}")
    return UNUSABLE if outcome.errors else 0


# -- what it amounts to -----------------------------------------------------------
def _code(verdict: Gate) -> int:
    return {"ready": READY, "ready_with_waivers": READY, "not_ready": NOT_READY}.get(str(verdict), UNKNOWN)


def _json(checklist: Checklist, verdict: Gate, outcome: Outcome | None) -> str:
    from mlready_nb.views.report import report

    more = {
        "gate": str(verdict),
        "errors": [e.to_json() for e in outcome.errors] if outcome else [],
        "notes": list(outcome.notes) if outcome else [],
    }
    return json.dumps({**report(checklist), **more}, indent=1, ensure_ascii=False, allow_nan=False)


# -- saying it -------------------------------------------------------------------
def _print_findings(outcome: Outcome, checklist: Checklist, verdict: Gate) -> None:
    from mlready_nb.views.text import run_text

    if outcome.state.run is not None:
        print(run_text(outcome.state.run))
        print()
    _print_gate(checklist, verdict)
    for error in outcome.errors:
        _tell(str(error))
    for note in outcome.notes:
        _tell(f"note: {note}")


def _print_gate(checklist: Checklist, verdict: Gate) -> None:
    from mlready_nb.views.text import status_text

    print(status_text(checklist))
    if verdict is not checklist.gate:
        print(f"gate: {verdict}")


def _for_pipelines(said: argparse.Namespace, checklist: Checklist, verdict: Gate) -> None:
    """SARIF, JUnit, GitHub: what other machines read."""
    from mlready_nb.checks.registry import load_checks
    from mlready_nb.views import github
    from mlready_nb.views.junit import junit
    from mlready_nb.views.sarif import sarif

    text = Path(said.notebook).read_text(encoding="utf-8")
    uri = Path(os.path.relpath(said.notebook)).as_posix()
    if said.sarif:
        log = sarif(checklist, load_checks(), uri=uri, text=text)
        _put(said.sarif, json.dumps(log, indent=1, ensure_ascii=False, allow_nan=False))
    if said.junit:
        _put(said.junit, junit(checklist, verdict))
    if said.github:
        print(github.workflow_commands(checklist, uri=uri, text=text))
    if said.summary:
        with Path(said.summary).open("a", encoding="utf-8") as file:
            file.write(github.summary(checklist))


if __name__ == "__main__":
    sys.exit(main())
