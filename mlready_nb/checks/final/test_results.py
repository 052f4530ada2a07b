"""Did the last run of the tests pass: what the files say."""

from __future__ import annotations

from mlready_nb import git
from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding
from mlready_nb.project import Project, Said, bad, good, settle, weak


@check("FIN-04")
def test_results(project_files: Project, *, least_coverage: float = 0.5) -> Finding:
    """The results of the last test run, and how much of the code it reached.

    What it measures: Failures and errors in JUnit files, whether they are older than the last commit, and the share of
    lines in coverage reports.

    Why it matters: Tests that are red, or were green before the last change, protect nothing.

    Blind spots: Results that only the pipeline has: link them when you attest.

    How to mend: pytest --junitxml=report.xml --cov --cov-report=xml
    """
    tree = project_files.tree
    said: list[Said] = []
    for report in project_files.junit:
        if report.failed:
            said.append(
                bad(f"{report.failed} of {report.tests} tests failed", report.path, "Mend them, and run them again.")
            )
        elif not report.tests or report.tests == report.skipped:
            said.append(weak(f"no test ran ({report.skipped} skipped)", report.path, "Run them where they can run."))
        elif report.when and report.when[:10] < (
            git.ask(tree.root, "log", "-1", "--format=%cs") if tree.repository else ""
        ):
            said.append(
                weak(f"passed on {report.when[:10]}, before the last commit", report.path, "Run the tests again.")
            )
        else:
            said.append(good(f"{report.tests - report.skipped} tests passed", report.path))
    if said:
        for path, share in project_files.coverage:
            told = f"covers {share:.0%} of the lines, the limit is {least_coverage:.0%}"
            said.append(good(told, path) if share >= least_coverage else weak(told, path, "Test what no test reaches."))
    return settle(tree, {"FIN-04": said}, "no JUnit report (pytest --junitxml=report.xml)")
