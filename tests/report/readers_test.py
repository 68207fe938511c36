"""Results as other programs read them: the analysts' scripts (xarray, h5py, pandas; R), netCDF4, ncdump, and what `ballast export` writes.
usage: readers_test.py BALLAST"""
import csv
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BALLAST = sys.argv[1]

OWN = "=cmd,+a,\"q\"\"uote\",liability\n" + "".join(
    f"{0.01 * (k % 7 - 3)},{0.02 * (k % 5 - 2)},{0.015 * (k % 3 - 1)},0.97\n" for k in range(210))
STUDY = """study: {name: "-2+3", seed: 1}
scenarios: {model: file, path: own.csv}
optimize: {objective: min_cvar, loss: surplus}
"""


def run(*words):
    return subprocess.run([str(w) for w in words], check=True, capture_output=True, text=True).stdout


class Readers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="ballast-readers-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        run(BALLAST, "run", SOURCE / "configs/quickstart.yaml", "-o", cls.folder / "q", "--quiet", "--scenarios", "2000",
            "--set", "scenarios.optimise_count=1500")
        cls.file = cls.folder / "q/results.h5"
        cls.summary = json.loads((cls.folder / "q/summary.json").read_text())
        (cls.folder / "own.csv").write_text(OWN)
        (cls.folder / "own.yaml").write_text(STUDY)
        run(BALLAST, "run", cls.folder / "own.yaml", "-o", cls.folder / "own", "--quiet")

    def test_python_script(self):
        text = run(sys.executable, SOURCE / "scripts/analyse_results.py", self.file)
        self.assertIn(f"CVaR {self.summary['portfolio']['cvar']:.6f}", text)
        self.assertIn("solvency2_2015", text)

    def test_r_script(self):
        text = run("Rscript", SOURCE / "scripts/analyse_results.R", self.file)
        self.assertIn(f"CVaR {self.summary['portfolio']['cvar']:.6f}", text)

    def test_netcdf(self):
        text = run("ncdump", "-h", self.file)
        self.assertIn("funding_ratio(scenario, time)", text)

    def test_both_engines_of_xarray(self):
        import xarray
        sets = [xarray.open_dataset(self.file, engine=engine) for engine in ("h5netcdf", "netcdf4")]
        self.assertEqual(sets[0].funding_ratio.dims, ("scenario", "time"))
        self.assertEqual([str(a) for a in sets[1].asset.values], ["equity", "long_bonds", "cash"])
        for name in sets[0].variables:
            self.assertTrue(sets[0][name].equals(sets[1][name]), name)
        for group in ("liabilities", "stress", "frontier", "contributions", "optimise"):
            with xarray.open_dataset(self.file, engine="netcdf4", group=group) as found:
                self.assertTrue(found.variables, group)

    def test_tables_in_pandas(self):
        import h5py
        import pandas
        with h5py.File(self.file) as file:
            contributions = pandas.DataFrame(file["tables/contributions"][:])
            flows = pandas.DataFrame(file["tables/asset_cash_flows"][:])
        for row in self.summary["risk"]:
            of = (contributions["of"] == row["of"].encode()) & (contributions["portfolio"] == row["portfolio"].encode())
            self.assertAlmostEqual(contributions[of]["cvar"].sum(), row["cvar"], places=12)
        self.assertEqual(set(flows["asset"]), {b"long_bonds"})

    def test_compression_and_single_precision(self):
        import h5py
        run(BALLAST, "run", SOURCE / "configs/quickstart.yaml", "-o", self.folder / "z", "--quiet", "--scenarios", "2000", "--set",
            "scenarios.optimise_count=1500", "--set", "output.compression=4", "--set", "output.float32=true")
        with h5py.File(self.folder / "z/results.h5") as small, h5py.File(self.file) as large:
            self.assertEqual(small["surplus"].compression, "gzip")
            self.assertEqual(small["surplus"].dtype, "float32")
            self.assertLess(abs(small["surplus"][:] / large["surplus"][:] - 1).max(), 1e-6)

    def test_csv(self):
        run(BALLAST, "export", self.file, "--csv", self.folder / "csv", "--scenarios")
        with open(self.folder / "csv/risk.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([float(r["cvar"]) for r in rows], [r["cvar"] for r in self.summary["risk"]])
        with open(self.folder / "csv/scenarios.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), 2000 * 11)
        self.assertEqual(rows[0]["time"], "0")

    def test_names_like_formulas_stay_text(self):
        import openpyxl
        run(BALLAST, "export", self.folder / "own/results.h5", "--csv", self.folder / "names", "--xlsx", self.folder / "names.xlsx")
        with open(self.folder / "names/weights.csv", newline="") as file:
            names = [row["asset"] for row in csv.DictReader(file)]
        self.assertEqual(names, ["'=cmd", "'+a", 'q"uote'])
        book = openpyxl.load_workbook(self.folder / "names.xlsx")
        cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
        self.assertFalse([c for c in cells if c.data_type == "f"])
        self.assertIn("=cmd", [c.value for c in cells])
        # and come back as they were where they are read again
        run(BALLAST, "run", self.folder / "own.yaml", "-o", self.folder / "again", "--quiet", "--weights", self.folder / "own/weights.csv")

    def test_workbook(self):
        import openpyxl
        run(BALLAST, "export", self.file, "--xlsx", self.folder / "q.xlsx")
        book = openpyxl.load_workbook(self.folder / "q.xlsx")
        for sheet, charts in (("Weights", 1), ("Projection", 4), ("Stress", 1), ("Frontier", 1)):
            self.assertEqual(len(book[sheet]._charts), charts, sheet)
        self.assertIn("Summary", book.sheetnames)
        self.assertIn("Provenance", book.sheetnames)
        values = [c.value for row in book["Summary"].iter_rows() for c in row]
        cvar = self.summary["portfolio"]["cvar"]  # Excel's files hold 16 digits
        self.assertTrue(any(isinstance(v, float) and abs(v - cvar) < 1e-15 for v in values))


unittest.main(argv=sys.argv[:1])
