"""What `%load_ext mlready_nb` costs above bare IPython, side by side in one run; prints the import tree.

python tests/benchmarks/import_time.py [--runs 7]
"""

import argparse
import os
import statistics
import subprocess
import sys

BARE = "from IPython.core.interactiveshell import InteractiveShell as S; shell = S.instance()"
STEPS = {
    "bare IPython": BARE,
    "+ %load_ext mlready_nb": f"{BARE}; shell.run_line_magic('load_ext', 'mlready_nb')",
    "+ import pandas": f"{BARE}; import pandas",
    "+ import sklearn": f"{BARE}; import sklearn",
}


def seconds(code, env):
    """User and system CPU seconds of one fresh process: steadier than wall time on a shared machine."""
    script = f"import resource; {code}; u = resource.getrusage(resource.RUSAGE_SELF); print(u.ru_utime + u.ru_stime)"
    return float(
        subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True).stdout
    )


def main():
    """Take turns, so that a busy moment hits every line alike."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    for code in STEPS.values():
        seconds(code, env)  # writes the .pyc files
    took = {name: [] for name in STEPS}
    for _ in range(runs):
        for name, code in STEPS.items():
            took[name].append(seconds(code, env))
    bare = statistics.median(took["bare IPython"])
    for name, values in took.items():
        middle = statistics.median(values)
        print(f"{name:26} {middle:6.3f} s CPU   {middle - bare:+6.3f} s   x{middle / bare:.2f}")
    tree = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", f"{BARE}; shell.run_line_magic('load_ext', 'mlready_nb')"],
        env=env, capture_output=True, text=True, check=True,
    )  # fmt: skip
    lines = tree.stderr.splitlines()
    first = next(i for i, line in enumerate(lines) if "mlready_nb" in line)
    print("\nimported by %load_ext (us self | cumulative | module):")
    print("\n".join(line.removeprefix("import time:") for line in lines[first:]))


if __name__ == "__main__":
    main()
