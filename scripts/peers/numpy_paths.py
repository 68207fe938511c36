#!/usr/bin/env python3
"""Correlated normal log returns compounded into a fixed-mix portfolio, as a good NumPy programmer would write it: blocks of 1,000
scenarios, one matrix product a block. Single process (the product uses the BLAS's threads). Prints seconds, the mean wealth and whether
the BLAS is OpenBLAS: with the reference BLAS, which Debian's NumPy has alone, the product takes most of the time.

usage: numpy_paths.py SCENARIOS STEPS SERIES"""
import sys
import time

import numpy as np

scenarios, steps, series = (int(x) for x in sys.argv[1:4])
volatility = (0.15 + 0.002 * np.arange(series)) / np.sqrt(12)
correlation = np.full((series, series), 0.4)
np.fill_diagonal(correlation, 1.0)
factor = np.linalg.cholesky(correlation * np.outer(volatility, volatility))
weights = np.full(series, 1.0 / series)

began = time.perf_counter()
generator = np.random.default_rng(1)
block, wealth = 1_000, []
for first in range(0, scenarios, block):
    lanes = min(block, scenarios - first)
    x = generator.standard_normal((lanes * steps, series)) @ factor.T
    x += 0.005
    np.exp(x, out=x)
    wealth.append(np.prod((x @ weights).reshape(lanes, steps), axis=1))
print(f"seconds {time.perf_counter() - began:.3f}")
print(f"mean {np.concatenate(wealth).mean():.6f}")
print(f"openblas {int('openblas' in open('/proc/self/maps').read())}")
