"""Score mlready on the planted notebooks: `python -m tests.planted.score`.

Prints how many of the planted faults are found, in the right cell, and how often an alarm is raised where nothing is
wrong; then every miss, so that it can be opened with `--show`.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

from mlready_nb import __version__  # noqa: E402
from mlready_nb.metrics.intervals import wilson  # noqa: E402
from tests.planted.case import CLEAN, KINDS, Case  # noqa: E402
from tests.planted.judge import Finding, Result, judge, judge_by_command, leakage_checks  # noqa: E402
from tests.planted.kinds import cases, plans  # noqa: E402
from tests.planted.notebooks import write  # noqa: E402

#: Cases that one child process takes before a fresh one follows.
BATCH = 40

HEAD = ("kind", "pairs", "recall", "exact kind", "right cell", "right line", "alarms on twins", "strays", "seconds")


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command line says."""
    said = _parser().parse_args(argv)
    names = tuple(said.checks) or leakage_checks()
    if said.show:
        return _show(said.show, names)
    chosen = list(cases(said.kinds, range(said.first, said.first + said.seeds)))
    chosen = [case for case in chosen if said.styles in case.name]
    if said.write or said.json_cli:  # a file is run from top to bottom
        chosen = [case for case in chosen if case.order is None]
    if said.write:
        for case in chosen:
            write(case, said.write / case.kind / f"{case.style}-{case.seed}")
        return 0
    if said.json_cli:
        chosen = list(_sample(chosen, said.json_cli))
        results = [judge_by_command(case, names) for case in chosen]
    else:
        results = list(score(chosen, names, jobs=said.jobs))
    wrong = said_wrong(results, said_by_command=bool(said.json_cli))
    print(table(results), wrong, sep="\n")
    if said.out:
        how = " ".join(argv if argv is not None else sys.argv[1:])
        title = f"# Planted leakage, version {__version__}\n\nPrinted by `python -m tests.planted.score {how}`.\n"
        said.out.write_text(f"{title}\n{table(results)}\n{wrong}".rstrip() + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.planted.score", description=__doc__)
    parser.add_argument("--kinds", nargs="+", choices=(*KINDS, CLEAN), default=[], help="only these kinds")
    parser.add_argument("--styles", default="", metavar="TEXT", help="only cases whose name holds this text")
    parser.add_argument("--seeds", type=int, default=1, metavar="N", help="variations of each template (default: 1)")
    parser.add_argument("--first", type=int, default=0, metavar="SEED", help="the first seed (default: 0)")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="child processes at a time (default: 1)")
    parser.add_argument("--checks", nargs="+", default=[], metavar="NAME", help="checks to run (default: leakage)")
    parser.add_argument("--out", type=Path, metavar="F", help="write the table here, too (Markdown)")
    parser.add_argument("--show", metavar="CASE", help="one case (kind/style or kind/style/seed): text and findings")
    parser.add_argument("--write", type=Path, metavar="DIR", help="only write the notebooks there")
    parser.add_argument(
        "--json-cli", type=int, default=0, metavar="N", help="N cases a kind through `mlready check NB --json`"
    )
    return parser


def score(chosen: Iterable[Case], names: Sequence[str], *, jobs: int = 1) -> Iterator[Result]:
    """Judge the cases in child processes, a batch in each."""
    with multiprocessing.get_context("spawn").Pool(jobs, maxtasksperchild=BATCH) as pool:
        yield from pool.imap(_judge, [(case, names) for case in chosen])


def _judge(task: tuple[Case, Sequence[str]]) -> Result:
    return judge(*task)


def _sample(chosen: Iterable[Case], n: int) -> Iterator[Case]:
    """The first n cases of each kind."""
    seen: dict[str, int] = {}
    for case in chosen:
        seen[case.kind] = seen.get(case.kind, 0) + 1
        if seen[case.kind] <= n:
            yield case


def table(results: Sequence[Result]) -> str:
    """Recall and false alarms by kind, as a Markdown table."""
    kinds = dict.fromkeys(r.case.kind for r in results if r.planted)
    rows = [_row(kind, [r for r in results if r.case.kind == kind]) for kind in kinds]
    planted, clean = [r for r in results if r.planted], [r for r in results if not r.planted]
    if planted:
        rows.append(_row("**all kinds**", planted))
    lines = [HEAD, ("---",) + ("---:",) * (len(HEAD) - 1), *rows]
    text = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    hits = sum(r.hit for r in planted)
    if planted:
        low, high = wilson(hits, len(planted))
        text += f"\nRecall over all kinds: {hits} of {len(planted)} (95 % interval {low:.2f} to {high:.2f}). "
        text += f"Clean twins with a false alarm: {sum(bool(r.clean) for r in planted)} of {len(planted)}. "
    if clean:
        text += f"Wholly clean notebooks with one: {sum(bool(r.clean) for r in clean)} of {len(clean)}."
    return text + "\n"


def _row(name: str, results: Sequence[Result]) -> tuple[str, ...]:
    n, found = len(results), [r for r in results if r.hit]

    def of_found(count: int) -> str:
        return f"{count / len(found):.2f}" if found else "–"

    return (
        name,
        str(n),
        f"{len(found) / n:.2f}",
        f"{sum(r.exact for r in results) / n:.2f}",
        of_found(sum(r.right_cell for r in found)),
        of_found(sum(r.right_line for r in found)),
        str(sum(bool(r.clean) for r in results)),
        str(sum(bool(r.strays) for r in results)),
        f"{statistics.median(r.seconds for r in results):.2f}",
    )


def said_wrong(results: Sequence[Result], *, said_by_command: bool = False) -> str:
    """Every miss, wrong cell, false alarm, stray and error, a line each."""
    lines = []
    for r in results:
        name = r.case.name
        if r.planted and not r.hit:
            lines.append(f"miss         {name}  (guilty: {_places(r.case)})")
        elif r.planted and not r.right_cell:
            lines.append(f"wrong cell   {name}  (guilty: {_places(r.case)})  {_brief(r.hits)}")
        if r.clean:
            lines.append(f"false alarm  {name}  {_brief(r.clean)}")
        if r.strays:
            lines.append(f"stray        {name}  {_brief(r.strays)}")
        if r.case.proof and not said_by_command and r.proved != {"fault"}:
            lines.append(f"unproved     {name}  true of: {', '.join(sorted(r.proved)) or 'neither half'}")
        lines += [f"error        {name}  {e.splitlines()[0][:300]}" for e in r.errors]
    return "".join(f"    {line}\n" for line in sorted(lines))


def _places(case: Case) -> str:
    return ", ".join(f"cell {cell} line {line}" for cell, line in case.guilty)


def _brief(findings: Iterable[Finding]) -> str:
    return "; ".join(f"{f['kind']} at cell {f['cell']} line {f['line']} [{f['check']}]" for f in findings)


def _show(name: str, names: Sequence[str]) -> int:
    """Print one case: both texts with the guilty lines marked, and all that was said."""
    kind, style, *seed = name.split("/")
    fits = [plan for plan in plans() if (plan.kind, plan.style) == (kind, style)]
    if not fits:
        print(f"no case is named {name!r}; the names: " + ", ".join(f"{p.kind}/{p.style}" for p in plans()))
        return 2
    case = fits[0].case(int(seed[0]) if seed else 0)
    judged = judge(case, names)
    for half in ("fault", "clean"):
        cells = getattr(case, half)
        if cells:
            print(f"\n======== {half} of {case.name}")
            _print_cells(cells, case if half == "fault" else None)
            if half == "fault" and case.order:
                print("-- executed in the order", *case.order)
            for f in judged.said:
                if f["half"] == half and (f["kind"] or f["outcome"] == "error"):
                    print(
                        f"-- {f['outcome']} {f['kind']} cell {f['cell']} line {f['line']}: {f['message']} [{f['check']}]"
                    )
    print("\n".join(judged.errors))
    return 0


def _print_cells(cells: Sequence[str], case: Case | None) -> None:
    for number, source in enumerate(cells, 1):
        print(f"-- cell {number}")
        for line, text in enumerate(source.splitlines(), 1):
            place = (number, line)
            mark = ">>" if case and place in case.guilty else " >" if case and place in case.accepted else "  "
            print(f"{mark}{line:3} {text}")


if __name__ == "__main__":
    sys.exit(main())
