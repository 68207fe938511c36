#!/usr/bin/env python3
"""Opens a results file as its users do: xarray, with every engine that is installed.

    check_xarray.py WRITER    WRITER FOLDER writes full.h5 and returns.h5 there (tests/engine/output/xarray/write_example.cpp)
    check_xarray.py --probe   exits with 0 when xarray and h5netcdf can be imported
"""
import hashlib
import importlib.util
import subprocess
import sys
import tempfile

ENGINES = {"h5netcdf": "h5netcdf", "netcdf4": "netCDF4"}
DIMENSIONS = {
    "weights": ("asset",),
    "asset_return": ("scenario", "asset"),
    "liability_pv": ("scenario", "time"),
    "liability_duration": ("scenario", "time"),
    "assets_value": ("scenario", "time"),
    "surplus": ("scenario", "time"),
    "funding_ratio": ("scenario", "time"),
    "zero_rate": ("scenario", "time", "tenor"),
    "liability_key_rate_duration": ("scenario", "time", "key_rate"),
    "pv_by_liability": ("scenario", "time", "liability"),
    "funding_ratio_quantile": ("time", "quantile"),
}


def installed(module):
    return importlib.util.find_spec(module) is not None


def check(folder, engine):
    import numpy
    import xarray

    with xarray.open_dataset(f"{folder}/full.h5", engine=engine) as data:
        for name, dimensions in DIMENSIONS.items():
            assert data[name].dims == dimensions, (name, data[name].dims)
            assert data[name].attrs["long_name"], name
        for name, variable in data.variables.items():
            # No timedelta; text is objects in xarray before 2024.
            assert variable.dtype.kind in "fiU" or name in ("asset", "liability"), (name, variable.dtype)
        for dimension in data.sizes:
            assert dimension in data.coords, dimension
        assert list(data.asset.values) == ["equity", "bonds (€)"], data.asset.values
        assert data.attrs["complete"] == 1 and data.attrs["seed"] == 2**64 - 1
        config = data.attrs["resolved_config"].encode()
        assert hashlib.sha256(config).hexdigest() == data.attrs["resolved_config_sha256"]
        assert data.time.attrs["units"] == "years" and list(data.time.values) == [0, 1, 2]
        assert abs(float(data.surplus.sel(scenario=1500, time=2)) - (5000 + 500 + 0.02)) < 1e-9
        assert numpy.isnan(data.funding_ratio.sel(scenario=7, time=2))
        assert float(data.liability_duration_quantile.sel(time=1, quantile=0.5)) == 11.5
        assert float(data.weights.sel(asset="equity")) == 0.25
    for group in ("optimise", "liabilities", "current", "inputs"):
        with xarray.open_dataset(f"{folder}/full.h5", engine=engine, group=group) as data:
            data.load()
            if group == "inputs":
                for variable in data.variables.values():
                    content = bytes(variable.values)
                    assert hashlib.sha256(content).hexdigest() == variable.attrs["sha256"], variable.attrs
    with xarray.open_dataset(f"{folder}/returns.h5", engine=engine) as data:
        assert dict(data.sizes) == {"scenario": 100, "asset": 2}, data.sizes


def main():
    if sys.argv[1] == "--probe":
        sys.exit(0 if installed("xarray") and installed("h5netcdf") else 1)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.argv[1], folder], check=True)
        for engine, module in ENGINES.items():
            if installed(module):
                check(folder, engine)
                print(f"{engine}: opened, dimensions and values as expected")
            else:
                print(f"{engine}: left out, not installed")


main()
