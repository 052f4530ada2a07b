"""Print the README's table of checks again: `python tests/readme.py`."""

import re
from pathlib import Path

from mlready_nb.catalogue import load_catalogue
from mlready_nb.checks.registry import load_checks
from mlready_nb.views.text import checks_table


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


if __name__ == "__main__":
    main()
