"""What users do with sound studies: pipe, move, replay, re-run, optimise first and project later."""

import csv
import datetime
import hashlib
import io
import json
import math
import os
import shutil
import subprocess

from program import BAD_DATA, CANNOT_CREATE, NO_INPUT, OWN_STUDY, STUDY, USAGE, Case, read_csv, strip_run


class Output(Case):
    def test_json_alone_on_standard_output(self):
        done = self.run_ballast("run", "study.yaml", "--json")
        self.assertEqual(done.stderr, "")
        self.assertEqual(json.loads(done.stdout), self.summary())

    def test_quiet_says_nothing(self):
        for words in (["run", "study.yaml"], ["run", "study.yaml", "--dry-run"], ["validate", "study.yaml"],
                      ["optimize", "study.yaml", "-o", "w.csv"]):
            done = self.run_ballast(*words, "--quiet")
            self.assertEqual((done.stdout, done.stderr), ("", ""), words)

    def test_summary(self):
        text = self.run_ballast("run", "study.yaml").stdout
        for part in ("Liability PV", "Liability Duration", "Optimal Asset Weights", "Portfolio Volatility",
                     "Sharpe Ratio", "5% VaR", "5% CVaR", "Surplus at Risk", "fresh scenarios"):
            self.assertIn(part, text)
        self.assertNotIn("nan", text.lower().replace("finance", ""))
        # The projection's columns are the 5% quantile, the median and the 95% quantile, to 0.1%.
        header = next(line for line in text.splitlines() if line.startswith("Time (years)"))
        self.assertEqual(header.split()[2:5], ["q05", "median", "q95"])
        last = self.summary()["projection"][-1]
        row = next(line for line in text.splitlines() if line.split()[:1] == [f"{last['time']:.4g}"])
        shown = [float(cell.rstrip("%")) / 100 for cell in row.split()[1:4]]
        for value, key in zip(shown, ("q05", "q50", "q95")):
            self.assertAlmostEqual(value, last["funding_ratio"][key], delta=0.00051)

    def test_dry_run_writes_nothing(self):
        self.run_ballast("run", "study.yaml", "--dry-run")
        self.assertFalse((self.folder / "results").exists())

    def test_summary_agrees_with_the_tables(self):
        self.run_ballast("run", "study.yaml", "--quiet")
        summary = self.summary()
        weights = {row["asset"]: float(row["weight_optimal"]) for row in read_csv(self.folder / "results/weights.csv")}
        self.assertEqual(weights, summary["portfolio"]["weights"])
        self.assertAlmostEqual(sum(weights.values()), 1, delta=1e-12)
        balance = summary["balance"]
        self.assertAlmostEqual(balance["assets"], 1.1 * summary["liability"]["pv"], delta=1e-3)

    def test_set_null_leaves_a_key_out(self):
        words = ["--set", "liabilities=null", "--set", "balance.funding_ratio=null", "--set", "optimize.loss=~"]
        self.run_ballast("run", "study.yaml", "--quiet", *words)
        self.assertIsNone(self.summary()["liability"])
        self.assertEqual(self.summary()["optimizer"]["loss"], "return")
        self.run_ballast("run", "study.yaml", "--set", "assets[0]=null", "--set", "balance.current=null", "--quiet")
        self.assertEqual(set(self.summary()["portfolio"]["weights"]), {"bonds", "cash"})

    def test_a_study_without_optimize_measures_current_weights(self):
        self.change("optimize:\n  objective: min_cvar\n  loss: surplus\n  constraints: {max_weight: 0.7}\n", "")
        text = self.run_ballast("run", "study.yaml").stdout
        self.assertNotIn("optimal", text.lower())
        self.assertIsNone(self.summary()["optimizer"])
        self.assertIsNone(self.summary()["fresh_scenarios"])

    def test_assets_alone(self):
        """No liabilities: what needs them is null, and nothing prints as nan."""
        self.change("liabilities:\n  - {name: pensions, cashflows: data/flows.csv}\n", "")
        self.change("  funding_ratio: 1.1\n", "")
        self.change("loss: surplus", "loss: return")
        text = self.run_ballast("run", "study.yaml").stdout
        self.assertNotIn("nan", text.lower())
        self.assertIsNone(self.summary()["liability"])


class Moved(Case):
    def test_study_in_another_folder(self):
        here = self.run_ballast("run", "study.yaml", "--json", "-o", "here")
        (self.folder / "elsewhere/deep").mkdir(parents=True)
        there = self.run_ballast("run", "../../study.yaml", "--json", cwd=self.folder / "elsewhere/deep")
        self.assertEqual(strip_run(json.loads(here.stdout)), strip_run(json.loads(there.stdout)))
        # results/ is relative to the study, -o to where the user stands.
        self.assertTrue((self.folder / "results/results.h5").exists())
        self.assertTrue((self.folder / "here/results.h5").exists())

    def test_resolved_study_gives_the_same_results(self):
        self.run_ballast("run", "study.yaml", "--quiet", "--set", "scenarios.block_bootstrap.mean_block=7")
        first = self.summary()
        self.run_ballast("run", "results/study.resolved.yaml", "--quiet", "-o", "again")
        self.assertEqual(strip_run(first), strip_run(self.summary("again")))
        # From another folder too, and with the results folder moved together with the data.
        moved = self.folder / "moved"
        moved.mkdir()
        shutil.copytree(self.folder / "results", moved / "results")
        shutil.copytree(self.folder / "data", moved / "data")
        self.run_ballast("run", "moved/results/study.resolved.yaml", "--quiet", "-o", "third")
        self.assertEqual(strip_run(first), strip_run(self.summary("third")))

    def test_one_thread_two_threads_and_the_baseline_kernels(self):
        runs = [["--threads", 1], ["--threads", 2], ["--isa", "baseline"]]
        files, summaries = [], []
        for number, words in enumerate(runs):
            self.run_ballast("run", "study.yaml", "--quiet", "-o", f"run{number}", *words)
            files.append((self.folder / f"run{number}/results.h5").read_bytes())
            summaries.append(strip_run(self.summary(f"run{number}")))
        self.assertEqual(summaries[0], summaries[1])
        self.assertEqual(summaries[0], summaries[2])
        self.assertTrue(files[0] == files[1], "results.h5 of one and two threads")
        self.assertTrue(files[0] == files[2], "results.h5 of the baseline's and the best kernels")


class Piped(Case):
    def shell(self, command):
        return subprocess.run(["bash", "-c", "set -o pipefail; " + command.replace("ballast", f"'{self.ballast}'")],
                              cwd=self.folder, capture_output=True, text=True, timeout=60)

    def test_study_on_standard_input(self):
        self.run_ballast("run", "study.yaml", "--quiet", "-o", "file")
        for command in ("ballast run - -q -o piped < study.yaml", "cat study.yaml | ballast run - -q -o piped",
                        "ballast run <(cat study.yaml) -q -o piped", "ballast run /dev/stdin -q -o piped < study.yaml"):
            done = self.shell(command)
            self.assertEqual((done.returncode, done.stderr), (0, ""), command)
            self.assertEqual(strip_run(self.summary("file")), strip_run(self.summary("piped")), command)
            shutil.rmtree(self.folder / "piped")
        done = self.shell("sed s/count/cuont/ study.yaml | ballast validate -")
        self.assertEqual(done.returncode, BAD_DATA)
        self.assertIn("<stdin>:6:3: error: unknown key 'cuont'", done.stderr)
        self.assertEqual(self.shell("ballast validate - < study.yaml").stdout, "<stdin>: sound\n")
        swept = "(cat study.yaml; echo 'sweep: {study.seed: [1, 2]}')"
        self.assertIn("a sweep of 2 studies", self.shell(swept + " | ballast validate -").stdout)

    def test_standard_output_and_devices_as_outputs(self):
        self.run_ballast("optimize", "study.yaml", "-o", "w.csv")
        for output in ("-", "/dev/stdout"):
            done = self.run_ballast("optimize", "study.yaml", "-o", output)
            self.assertEqual(done.stdout, (self.folder / "w.csv").read_text())
        self.run_ballast("run", "study.yaml", "-q", "--set", "output.report=false")
        self.assertIn("</html>", self.run_ballast("report", "results/results.h5", "-o", "-").stdout)
        # A pipe, which is what a device is to the program: it must be there afterwards.
        os.mkfifo(self.folder / "pipe")
        self.run_ballast("export", "results/results.h5", "--xlsx", "pipe", expect=CANNOT_CREATE, says="is a device or a pipe")
        done = self.shell("cat pipe & ballast report results/results.h5 -o pipe; wait")
        self.assertIn("</html>", done.stdout)
        self.assertTrue((self.folder / "pipe").is_fifo())
        self.assertEqual(sorted(p.name for p in self.folder.glob("*.partial")), [])

    def test_reader_that_goes_away(self):
        for words in (["run", "study.yaml"], ["run", "study.yaml", "--json"], ["schema"]):
            read, write = os.pipe()
            os.close(read)
            done = subprocess.run([self.ballast, *words], cwd=self.folder, stdout=write, stderr=subprocess.PIPE,
                                  text=True, timeout=60)
            os.close(write)
            self.assertEqual((done.returncode, done.stderr), (141, ""), words)
        self.assertTrue((self.folder / "results/report.html").exists())


class Compared(Case):
    def test_runs_of_a_sweep_side_by_side(self):
        self.write("swept.yaml", STUDY + "sweep: {balance.funding_ratio: [1.1, 1.2], study.seed: [7]}\n")
        self.run_ballast("run", "swept.yaml", expect=USAGE, says="for k in $(seq 2)")
        for k in (1, 2):
            self.run_ballast("run", "swept.yaml", "--sweep-index", k, "-q")
        lines = [line.split() for line in self.run_ballast("compare", "results/1", "results/2/results.h5")
                 .stdout.splitlines()]
        self.assertIn(["balance.funding_ratio", "1.1", "1.2"], lines)
        self.assertIn(["Funding", "Ratio", "110.00%", "120.00%"], lines)
        self.assertFalse(any(line[:1] == ["study.seed"] for line in lines))
        first, second = (self.summary(f"results/{k}") for k in (1, 2))
        for of, words in (("return", ["CVaR", "of", "the", "loss"]), ("surplus", ["CVaR", "of", "the", "deficit"])):
            shown = next(line for line in lines if line[:4] == words)
            for column, one in ((4, first), (7, second)):
                cvar = next(r["cvar"] for r in one["risk"] if (r["of"], r["portfolio"]) == (of, "optimal"))
                self.assertEqual(shown[column], f"{100 * cvar:.2f}%")
        same = self.run_ballast("compare", "results/1", "results/1").stdout
        self.assertIn("The studies are the same", same)
        self.run_ballast("compare", "results/1", "absent", expect=NO_INPUT, says="absent")
        self.run_ballast("compare", expect=USAGE)


class OtherCommands(Case):
    def test_curve(self):
        done = self.run_ballast("curve", "study.yaml", "--at", "0.5,1,10,30")
        rows = list(csv.DictReader(io.StringIO(done.stdout)))
        self.assertEqual([float(r["tenor_years"]) for r in rows], [0.5, 1, 10, 30])
        for r in rows:
            t, z, p = float(r["tenor_years"]), float(r["zero_rate"]), float(r["discount_factor"])
            self.assertAlmostEqual(p, math.exp(-z * t), delta=1e-14)
        self.assertEqual(done.stderr, "")

    def test_calibrate_prints_a_block_to_paste(self):
        text = self.run_ballast("calibrate", "study.yaml").stdout
        self.assertIn("mean_block", text)
        block = text.split("# to paste into the study")[1].split("\n", 1)[1]
        study = (self.folder / "study.yaml").read_text()
        start, stop = study.index("scenarios:\n"), study.index("market:\n")
        self.assertTrue(block.startswith("scenarios:\n"), block)
        self.write("pasted.yaml", study[:start] + block + study[stop:])
        self.run_ballast("run", "study.yaml", "--quiet")
        self.run_ballast("run", "pasted.yaml", "--quiet", "-o", "pasted")
        self.assertEqual(self.summary()["portfolio"], self.summary("pasted")["portfolio"])

    def test_validate(self):
        self.assertEqual(self.run_ballast("validate", "study.yaml").stdout, "study.yaml: sound\n")

    def test_spreads_that_no_asset_follows_are_not_passed_over_in_silence(self):
        self.change("  curve: data/curve.csv", "  spreads: data/spreads.csv\n  curve: data/curve.csv")
        self.write("data/spreads.csv", "Date,bbb\n2020-01-31,0.01\n")
        self.run_ballast("run", "study.yaml", "--quiet")
        self.assertTrue(any("market.spreads" in note for note in self.summary()["notes"]))

    def test_schema_is_json(self):
        json.loads(self.run_ballast("schema").stdout)

    def test_help(self):
        for command in ("run", "optimize", "validate", "schema", "calibrate", "curve", "replay", "report", "export", "compare"):
            self.assertIn("Usage: ballast " + command, self.run_ballast(command, "--help").stdout)

    def test_optimise_first_and_project_later(self):
        self.run_ballast("run", "study.yaml", "--quiet")
        self.run_ballast("optimize", "study.yaml", "-o", "w.csv")
        self.run_ballast("run", "study.yaml", "--quiet", "--weights", "w.csv", "-o", "later")
        whole, later = self.summary(), self.summary("later")
        for key in ("portfolio", "current", "risk", "projection", "balance", "liability"):
            self.assertEqual(whole[key], later[key], key)
        self.assertIsNone(later["optimizer"])
        # The weights.csv of a run is taken as well.
        self.run_ballast("run", "study.yaml", "--quiet", "--weights", "results/weights.csv", "-o", "third")
        self.assertEqual(whole["risk"], self.summary("third")["risk"])


class Extrapolated(Case):
    def notes(self, *words):
        text = self.run_ballast("run", "study.yaml", "--scenarios", 100, "--set", "scenarios.optimise_count=100", *words).stdout
        return [line for line in " ".join(text.split()).split("Note: ") if "beyond the curve's last rate, at 30 years" in line]

    def test_what_is_due_beyond_the_curve_is_told(self):
        """The sample's payments run for 65 years."""
        found = self.notes("--set", "assets[1].constant_maturity_years=40")
        self.assertEqual([line.split()[0] for line in found], ["liabilities:", "bonds:"])
        self.assertIn("where flat_zero sets the rates", found[0])
        share = float(found[0].split()[1].rstrip("%"))
        curve = [(float(p["Maturity"]), math.log1p(float(p["Rate"]))) for p in read_csv(self.folder / "data/curve.csv")]
        values = []
        for row in read_csv(self.folder / "data/flows.csv"):
            t = (datetime.date.fromisoformat(row["Date"]) - datetime.date(2025, 12, 31)).days / 365
            below = max((p for p in curve if p[0] <= t), default=curve[0])
            above = min((p for p in curve if p[0] >= t), default=curve[-1])
            share_above = (t - below[0]) / (above[0] - below[0]) if above[0] > below[0] else 0
            z = below[1] + (above[1] - below[1]) * share_above
            values.append((t, float(row["Cashflow"]) * math.exp(-z * t)))
        self.assertAlmostEqual(share, 100 * sum(v for t, v in values if t > 30) / sum(v for _, v in values), delta=0.51)

    def test_nothing_is_told_of_what_the_curve_covers(self):
        lines = (self.folder / "data/flows.csv").read_text().splitlines()
        self.write("data/flows.csv", "\n".join(lines[:301]) + "\n")
        self.assertEqual(self.notes(), [])


class Replayed(Case):
    def same(self, *words):
        text = self.run_ballast("replay", *words).stdout
        self.assertIn("all the same, bit for bit", text)
        numbers = int(text.strip().splitlines()[-1].split()[0])
        self.assertGreater(numbers, 0)
        return numbers

    def test_both_sets_with_the_last_of_a_partial_block(self):
        self.run_ballast("run", "study.yaml", "--quiet")
        for scenario in (0, 1, 15, 16, 1023, 1024, 1025, 1499):
            self.assertEqual(self.same("results/results.h5", "--scenario", scenario), 3 + 7 * 3)
        for scenario in (0, 1023, 1024, 1099):
            self.assertEqual(self.same("results/results.h5", "--set", "optimise", "--scenario", scenario), 3)

    def test_from_the_file_alone(self):
        self.run_ballast("run", "study.yaml", "--quiet")
        shutil.move(self.folder / "results/results.h5", self.folder / "kept.h5")
        for name in ("data", "results"):
            shutil.rmtree(self.folder / name)
        (self.folder / "study.yaml").unlink()
        self.same("kept.h5", "--scenario", 1234)

    def test_inputs_too_large_for_the_file(self):
        returns = self.folder / "data/returns.csv"
        lines = returns.read_text().splitlines()
        text = "\n".join([lines[0] + ",note", *(f"{line},{'x' * 50_000}" for line in lines[1:])]) + "\n"
        returns.write_text(text)
        self.assertGreater(len(text), 16_000_000)
        self.run_ballast("run", "study.yaml", "--quiet")
        digest = hashlib.sha256(text.encode()).hexdigest()
        words = ["results/results.h5", "--scenario", 7]
        self.run_ballast("replay", *words, expect=NO_INPUT, says=["results.h5", "'data/returns.csv'", digest, "--inputs"])
        self.same(*words, "--inputs", ".")
        shutil.move(returns, self.folder / "moved.csv")
        self.run_ballast("replay", *words, "--inputs", ".", expect=NO_INPUT, says=["data/returns.csv", digest])
        other = text.replace(lines[1].split(",")[1], "0.5", 1)
        returns.write_text(other)
        self.run_ballast("replay", *words, "--inputs", ".", expect=BAD_DATA, says=[
            "data/returns.csv: error: is not the file", digest, hashlib.sha256(other.encode()).hexdigest()])

    def test_single_precision(self):
        self.run_ballast("run", "study.yaml", "--quiet", "--set", "output.float32=true")
        self.same("results/results.h5", "--scenario", 1499)

    def test_weights_from_a_file(self):
        self.write("w.csv", "asset,weight\nequity,0.2\nbonds,0.3\ncash,0.5\n")
        self.run_ballast("run", "study.yaml", "--quiet", "--weights", "w.csv")
        self.same("results/results.h5", "--scenario", 1499)
        self.run_ballast("replay", "results/results.h5", "--set", "optimise", "--scenario", 3, expect=USAGE,
                         says="no optimise set")

    def test_normal_model_and_current_weights(self):
        self.change("model: block_bootstrap", "model: normal")
        self.change("optimize:\n  objective: min_cvar\n  loss: surplus\n  constraints: {max_weight: 0.7}\n", "")
        self.run_ballast("run", "study.yaml", "--quiet")
        self.same("results/results.h5", "--scenario", 1499)


class OwnScenarios(Case):
    def setUp(self):
        super().setUp()
        self.write("own.yaml", OWN_STUDY)
        rows = [f"{0.01 * (k % 13) - 0.05:.4f},{0.004 * (k % 7) - 0.008:.4f},{0.9 + 0.01 * (k % 5):.3f}"
                for k in range(1300)]
        self.write("own.csv", "a,b,liability\n" + "\n".join(rows) + "\n")

    def test_says_whose_scenarios_they_are(self):
        text = self.run_ballast("run", "own.yaml", "--set", "optimize.loss=surplus").stdout
        self.assertIn("1,300 own scenarios", " ".join(text.splitlines()[1:3]))
        self.assertNotIn("fresh scenarios,", text)
        self.assertNotIn("nan", text.lower())
        self.assertIn("Surplus at Risk", text)
        self.assertRegex(text, r"Sharpe Ratio +n/a")
        summary = self.summary()
        self.assertIsNone(summary["fresh_scenarios"])
        self.assertIsNone(summary["portfolio"]["sharpe"])
        self.assertIsNone(summary["liability"])
        self.assertEqual({row["of"] for row in summary["risk"]}, {"return", "surplus"})

    def test_sharpe_ratio_without_a_curve_says_its_rate(self):
        text = self.run_ballast("run", "own.yaml", "--set", "optimize.objective=max_sharpe").stdout
        self.assertRegex(" ".join(text.split()), "risk-free rate (of|is) 0")
        self.assertTrue(any("risk-free" in note for note in self.summary()["notes"]))

    def test_scenarios_by_columns(self):
        self.write("own.csv", ",".join(f"s{k}" for k in range(3000)) + "\n" + ",".join(["0.01"] * 3000) + "\n")
        self.run_ballast("run", "own.yaml", expect=BAD_DATA, says="1 scenarios of 3000 assets")
        self.write("own.csv", "a,b,c\n0.1,0.2,0\n0,0.1,0.2\n")
        self.run_ballast("run", "own.yaml")
        self.assertTrue(any("fewer (2) than assets (3)" in note for note in self.summary()["notes"]))

    def test_daily_returns_and_a_risk_free_rate(self):
        self.run_ballast("run", "own.yaml", "--set", "optimize.objective=max_sharpe", "--set", "optimize.risk_free_rate=0.001",
                         "--set", "scenarios.horizon_years=0.25")
        found = self.summary()
        self.assertEqual(found["portfolio"]["horizon_years"], 0.25)
        # Over one period; the ratio told is of a year: over the square root of 0.25.
        self.assertAlmostEqual(found["portfolio"]["sharpe"], -found["optimizer"]["value"] / 0.5, places=3)
        self.assertFalse(any("risk-free" in note for note in found["notes"]))
        self.run_ballast("run", "own.yaml", "--set", "optimize.horizon_years=0.25", expect=BAD_DATA, says="leave it out")

    def test_optimum_as_json(self):
        found = json.loads(self.run_ballast("optimize", "own.yaml", "--json").stdout)
        self.run_ballast("optimize", "own.yaml", "-o", "w.csv", "--json")
        weights = {row["asset"]: float(row["weight"]) for row in read_csv(self.folder / "w.csv")}
        self.assertEqual(found["weights"], weights)
        self.run_ballast("run", "own.yaml", "--quiet")
        expected = self.summary()["optimizer"]
        for one in (found["optimizer"], expected):
            del one["seconds"]
        self.assertEqual(found["optimizer"], expected)

    def test_weights_from_a_file(self):
        self.run_ballast("optimize", "own.yaml", "-o", "w.csv")
        self.run_ballast("run", "own.yaml", "--quiet")
        self.run_ballast("run", "own.yaml", "--quiet", "--weights", "w.csv", "-o", "later")
        self.assertEqual(self.summary()["risk"], self.summary("later")["risk"])

    def test_results_of_one_study_are_scenarios_of_another(self):
        self.run_ballast("run", "study.yaml", "--quiet")
        self.write("own.yaml", OWN_STUDY.replace("own.csv", "results/results.h5").replace("results}", "own_results}"))
        self.run_ballast("run", "own.yaml")
        self.assertEqual(set(self.summary("own_results")["portfolio"]["weights"]), {"equity", "bonds", "cash"})
