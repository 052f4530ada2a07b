"""Print the README's table of checks and the table of who decides what again: `python tests/readme.py`."""

import re
from pathlib import Path

from mlready_nb.catalogue import load_catalogue
from mlready_nb.checks.registry import load_checks
from mlready_nb.views.coverage import coverage, coverage_markdown
from mlready_nb.views.text import checks_table

COVERAGE = Path(__file__).parents[1] / "mlready_nb" / "catalogue" / "COVERAGE.md"


def main():
    """Replace what stands between the two comments."""
    path = Path(__file__).parents[1] / "README.md"
    table = checks_table(load_checks(), load_catalogue()).strip()
    readme = re.sub(
        r"(<!-- checks -->\n).*?(<!-- /checks -->)",
        lambda found: f"{found[1]}{table}\n{found[2]}",
        path.read_text(encoding="utf-8"),
        flags=re.DOTALL,
    )
    path.write_text(readme, encoding="utf-8")
    rows = coverage(load_catalogue(), load_checks())
    COVERAGE.write_text(coverage_markdown(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
