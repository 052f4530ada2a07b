"""JUnit XML: each check as a test case, for the systems that show nothing else."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from mlready_nb.checklist import Checklist, Gate
from mlready_nb.finding import Finding, Outcome
from mlready_nb.views.payload import gate_reason

#: What XML 1.0 cannot hold.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SKIPPED = (Outcome.NOT_RUN, Outcome.NOT_APPLICABLE, Outcome.INCONCLUSIVE)


def junit(checklist: Checklist, gate: Gate) -> str:
    """One suite for the checks, and one case for the gate; a warning passes with its sentence in `system-out`."""
    run = checklist.run
    findings = run.findings if run is not None else ()
    root = Element("testsuites", name="mlready")
    suite = SubElement(
        root,
        "testsuite",
        name="checks",
        tests=str(len(findings) + 1),
        failures=str(sum(f.outcome is Outcome.FAIL for f in findings) + (gate is Gate.NOT_READY)),
        errors=str(sum(f.outcome is Outcome.ERROR for f in findings)),
        skipped=str(sum(f.outcome in _SKIPPED for f in findings) + (gate is Gate.UNKNOWN)),
        time=f"{run.seconds if run is not None else 0:.3f}",
    )
    if run is not None and run.started:
        suite.set("timestamp", run.started[:19])
    for finding in findings:
        _case(suite, finding)
    verdict = SubElement(suite, "testcase", classname="mlready", name="gate", time="0")
    if gate is Gate.NOT_READY:
        SubElement(verdict, "failure", message=_text(gate_reason(checklist)), type=str(gate))
    elif gate is Gate.UNKNOWN:
        SubElement(verdict, "skipped", message=_text(gate_reason(checklist)))
    _make_writable(root)
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode")


def _case(suite: Element, finding: Finding) -> None:
    name = finding.check + (f" {finding.kind}" if finding.kind else "")
    where = finding.where
    if where is not None and where.cell:
        name += f" cell {where.cell}"
    case = SubElement(
        suite,
        "testcase",
        classname="mlready." + ".".join(finding.items or ("check",)),
        name=_text(name),
        time=f"{finding.seconds:.3f}",
    )
    message = _text(finding.message)
    if finding.outcome in (Outcome.FAIL, Outcome.ERROR):
        tag = "failure" if finding.outcome is Outcome.FAIL else "error"
        SubElement(case, tag, message=message, type=finding.kind or str(finding.outcome)).text = _text(
            finding.remedy or ""
        )
    elif finding.outcome in _SKIPPED:
        SubElement(case, "skipped", message=f"{finding.outcome}: {message}")
    else:
        SubElement(case, "system-out").text = f"{finding.outcome}: {message}"


def _make_writable(root: Element) -> None:
    """Whatever text came in, XML can hold it afterwards."""
    for element in root.iter():
        element.attrib.update({name: _text(value) for name, value in element.attrib.items()})
        element.text = None if element.text is None else _text(element.text)


def _text(text: str) -> str:
    return _FORBIDDEN.sub(" ", text)
