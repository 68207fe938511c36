"""The ballast program as its users meet it: a private folder with a study and its data, runs, and what they say."""

import csv
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
DONE, USAGE, BAD_DATA, NO_INPUT, NO_SOLUTION, CANNOT_CREATE, CANNOT_WRITE = 0, 64, 65, 66, 69, 73, 74

# Each line as its place in tests of positions: line 1 is `study:`.
STUDY = """\
study:
  name: small
  seed: 7
  valuation_date: 2025-12-31
scenarios:
  count: 1500
  optimise_count: 1100
  horizon_years: 2
  steps_per_year: 12
  model: block_bootstrap
market:
  returns: data/returns.csv
  curve: data/curve.csv
  curve_history: data/curves.csv
assets:
  - {name: equity, series: equity_world}
  - {name: bonds, constant_maturity_years: 10}
  - {name: cash, cash: true}
liabilities:
  - {name: pensions, cashflows: data/flows.csv}
balance:
  funding_ratio: 1.1
  current: {equity: 0.5, bonds: 0.4, cash: 0.1}
optimize:
  objective: min_cvar
  loss: surplus
  constraints: {max_weight: 0.7}
output:
  directory: results
"""

OPTIMIZE = """\
optimize:
  objective: min_cvar
  loss: surplus
  constraints: {max_weight: 0.7}
"""

OWN_STUDY = """\
study: {name: own, seed: 1}
scenarios: {model: file, path: own.csv}
optimize: {objective: min_cvar, loss: return}
output: {directory: results}
"""

INPUTS = {"returns.csv": "market_returns_monthly.csv", "curve.csv": "yield_curve.csv",
          "curves.csv": "yield_curve_monthly.csv", "flows.csv": "liability_cashflows.csv"}


class Case(unittest.TestCase):
    """A test in a folder of its own, with a small study and copies of the sample data."""

    ballast = None  # path of the program

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ballast-faults-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "data").mkdir()
        for name, sample in INPUTS.items():
            shutil.copy(SOURCE / "data" / sample, self.folder / "data" / name)
        self.write("study.yaml", STUDY)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def change(self, old, new, name="study.yaml"):
        """Replaces a text that occurs once."""
        path = self.folder / name
        text = path.read_bytes().decode()
        self.assertEqual(text.count(old), 1, f"{old!r} in {name}")
        path.write_bytes(text.replace(old, new).encode())

    def change_cell(self, name, line, column, value):
        """Replaces a cell of a CSV file; line and column count from 1, the header is line 1. Returns 'line:column'."""
        path = self.folder / name
        lines = path.read_text().split("\n")
        cells = lines[line - 1].split(",")
        position = sum(len(cell) + 1 for cell in cells[:column - 1]) + 1
        cells[column - 1] = value
        lines[line - 1] = ",".join(cells)
        path.write_text("\n".join(lines))
        return f"{line}:{position}"

    def run_ballast(self, *words, expect=DONE, says=(), cwd=None):
        """Runs the program; checks its exit code and that standard error contains each text of `says`."""
        done = subprocess.run([self.ballast, *map(str, words)], cwd=cwd or self.folder, capture_output=True, text=True,
                              timeout=60)
        shown = f"ballast {' '.join(map(str, words))}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        self.assertEqual(done.returncode, expect, shown)
        for text in [says] if isinstance(says, str) else says:
            self.assertIn(text, done.stderr, shown)
        if expect != DONE:
            self.assertNotEqual(done.stderr.strip(), "", "failed without a word")
            self.assertEqual(done.stdout, "", "results on standard output of a run that failed")
            self.assertNotIn("internal error", done.stderr)
        return done

    def start(self, *words):
        return subprocess.Popen([self.ballast, *map(str, words)], cwd=self.folder, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def summary(self, folder="results"):
        return json.loads((self.folder / folder / "summary.json").read_text())

    def nothing_left(self, folder):
        path = pathlib.Path(folder)
        left = sorted(str(p.name) for p in path.rglob("*") if p.is_file()) if path.is_dir() else []
        self.assertEqual(left, [], f"left in {folder}")


def strip_run(summary):
    """What must be equal between two runs of one study."""
    summary = dict(summary)
    summary.pop("run", None)
    if summary.get("optimizer"):
        summary["optimizer"] = {k: v for k, v in summary["optimizer"].items() if k != "seconds"}
    return summary


def read_csv(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def wait_until(condition, process, seconds=30):
    """True when the condition holds; False when the process, if any, ended before. It polls: nothing is timed."""
    end = time.monotonic() + seconds
    while not condition():
        if (process and process.poll() is not None) or time.monotonic() > end:
            return False
        os.sched_yield()
    return True


def end(process):
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
    process.communicate()
