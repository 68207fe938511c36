#!/usr/bin/env python3
"""The first things an analyst does with results.h5, in Python (packages python3-xarray and python3-h5netcdf).
usage: scripts/analyse_results.py results/quickstart/results.h5"""
import sys

import numpy as np
import xarray

results = xarray.open_dataset(sys.argv[1])
print(results)
print("\nFunding ratio by time:")
print(results.funding_ratio.quantile([0.05, 0.5, 0.95], dim="scenario").to_pandas().T)
loss = -(results.asset_return @ results.weights).values
confidence = 0.95
var = np.sort(loss)[int(np.ceil(confidence * loss.size - 1e-9)) - 1]
cvar = var + np.maximum(loss - var, 0).sum() / ((1 - confidence) * loss.size)
print(f"\nReturn loss of the optimal weights, by hand: VaR {var:.6f}, CVaR {cvar:.6f}")
print("\nWeights:\n" + results.weights.to_pandas().to_string())
