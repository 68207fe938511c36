#!/usr/bin/env python3
"""Runs the tests of this folder on a built program: run_faults.py BALLAST [unittest options, e.g. -k curve]."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import program  # noqa: E402

if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: run_faults.py BALLAST [unittest options]")
    program.Case.ballast = str(pathlib.Path(sys.argv[1]).resolve())
    here = str(pathlib.Path(__file__).resolve().parent)
    options = sys.argv[2:]
    unittest.main(module=None, argv=[sys.argv[0], "discover", "-s", here, "-p", "*_test.py", *options])
