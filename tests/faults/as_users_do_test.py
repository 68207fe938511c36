"""What users do with sound studies: pipe, move, replay, re-run, optimise first and project later."""

import csv
import io
import json
import math
import shutil

from program import BAD_DATA, NO_SOLUTION, OPTIMIZE, OWN_STUDY, STUDY, USAGE, Case, read_csv, strip_run


class Optimizer(Case):
    def optimise(self, section, **expected):
        self.write("study.yaml", STUDY.replace(OPTIMIZE, f"optimize: {section}\n"))
        return self.run_ballast("run", "study.yaml", **expected)

    def test_every_objective(self):
        for section, loss in (
                ("{objective: max_return, loss: return, constraints: {max_cvar: 0.08}}", "return"),
                ("{objective: mean_cvar, risk_aversion: 0.5, worst_case: [{file: bad.csv}]}", "surplus"),
                ("{objective: mean_variance, risk_aversion: 2}", "surplus"),
                ("{objective: min_variance, constraints: {tracking_error: 0.03}, "
                 "benchmark: {equity: 0.5, bonds: 0.5}}", "surplus"),
                ("{objective: max_sharpe, trading_costs: {cost: 0.001}}", "return"),
                ("{objective: min_cvar, loss: benchmark, benchmark: {equity: 0.5, bonds: 0.5}, "
                 "constraints: {min_return: 0.045}}", "benchmark"),
                ("{objective: min_cvar, constraints: {cvar_limits: [{max: 0.05, confidence: 0.5}], max_short: 0}}",
                 "surplus")):
            rows = "\n".join(f"{-0.3 + k / 500},0.0{k % 5},0.01,1.0{k % 7}" for k in range(100))
            self.write("bad.csv", "equity,bonds,cash,liability\n" + rows + "\n")
            text = self.optimise(section).stdout
            summary = self.summary()
            found = summary["optimizer"]
            self.assertEqual((found["status"], found["loss"]), ("optimal", loss), section)
            self.assertLessEqual(found["lower_bound"], found["value"] + 1e-15)
            self.assertLess(abs(summary["fresh_scenarios"]["value"] - found["value"]), 0.2, section)
            self.assertEqual(set(found["reduced_costs"]), {"equity", "bonds", "cash"})
            row = next(r for r in summary["contributions"] if (r["portfolio"], r["of"]) == ("optimal", "return"))
            total = row["rest"]["value"] + sum(one["value"] for one in row["assets"].values())
            self.assertAlmostEqual(total, summary["portfolio"]["cvar"], delta=1e-9)
            self.assertIn("What Adds to 5% CVaR", text)

    def test_a_limit_that_binds_has_a_price(self):
        self.assertIn("binds: optimize.constraints.max_cvar", self.optimise(
            "{objective: max_return, loss: return, constraints: {max_cvar: 0.08}}").stdout)
        prices = {p["constraint"]: p for p in self.summary()["optimizer"]["shadow_prices"]}
        self.assertEqual(prices["optimize.constraints.max_cvar"]["limit"], 0.08)
        self.assertLess(prices["optimize.constraints.max_cvar"]["price"], 0)

    def test_shares_of_risk(self):
        self.write("study.yaml", OWN_STUDY.replace("{objective: min_cvar, loss: return}", "{objective: risk_parity}"))
        self.write("own.csv", "a,b\n0.1,0.3\n0.1,-0.3\n-0.1,0.3\n-0.1,-0.3\n")
        self.run_ballast("run", "study.yaml")
        self.assertAlmostEqual(self.summary()["portfolio"]["weights"]["a"], 0.75, delta=1e-9)
        self.assertLess(self.summary()["optimizer"]["residual"], 1e-8)
        self.assertIsNone(self.summary()["optimizer"]["lower_bound"])

    def test_a_band_around_the_frontier(self):
        self.optimise("{objective: min_cvar, frontier: {points: 3, resamples: 8}}")
        for point in self.summary()["frontier"]:
            self.assertLess(point["band"]["cvar_low"], point["band"]["cvar_high"])

    def test_what_cannot_be(self):
        self.optimise("{objective: max_return, loss: return, constraints: {max_cvar: -0.9}}", expect=NO_SOLUTION,
                      says="optimize.constraints.max_cvar: at most -0.9; the least attainable is")
        self.optimise("{objective: mean_cvar}", expect=BAD_DATA, says="'risk_aversion' is missing")
        self.optimise("{objective: min_cvar, constraints: {duration_gap: {min: 30}}}", expect=NO_SOLUTION,
                      says="optimize.constraints.duration_gap.min")
        self.optimise("{objective: min_cvar, loss: benchmark}", expect=BAD_DATA, says="'benchmark' is missing")
        self.optimise("{objective: min_cvar, loss: benchmark, benchmark: {gold: 1}}", expect=BAD_DATA, says="gold")


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


class Objectives(Case):
    """The fresh value of each objective measures what was optimised, so that it differs by sampling only."""

    def fresh(self, *settings):
        words = [word for setting in settings for word in ("--set", setting)]
        self.run_ballast("run", "study.yaml", "--quiet", "--set", "scenarios.count=20000", "--set",
                         "scenarios.optimise_count=20000", *words)
        summary = self.summary()
        fresh, value = summary["fresh_scenarios"], summary["optimizer"]["value"]
        self.assertAlmostEqual(fresh["optimism"], fresh["value"] - value, delta=1e-12)
        # Both sets are as large, so the difference has sqrt(2) of the fresh error; 6 of them at 1e-6 with room.
        self.assertLess(abs(fresh["optimism"]), 6 * 2**0.5 * fresh["standard_error"], (settings, fresh, value))
        return summary

    def test_variance_of_the_surplus(self):
        self.fresh("optimize.objective=min_variance")

    def test_variance_of_the_return_over_two_years(self):
        self.fresh("optimize.objective=min_variance", "optimize.loss=return", "optimize.horizon_years=2")

    def test_sharpe_ratio_over_two_years(self):
        summary = self.fresh("optimize.objective=max_sharpe", "optimize.loss=return", "optimize.horizon_years=2")
        self.assertAlmostEqual(-summary["fresh_scenarios"]["value"] / 2**0.5, summary["portfolio"]["sharpe"],
                               delta=1e-12)

    def test_tail_of_the_return(self):
        summary = self.fresh("optimize.loss=return", "optimize.horizon_years=2")
        self.assertEqual(summary["fresh_scenarios"]["value"], summary["portfolio"]["cvar"])

    def test_sharpe_ratio_takes_returns_when_the_loss_is_left_open(self):
        self.change("  loss: surplus\n", "")
        self.run_ballast("run", "study.yaml", "--quiet", "--set", "optimize.objective=max_sharpe")
        self.assertEqual(self.summary()["optimizer"]["loss"], "return")


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

    def test_schema_is_json(self):
        json.loads(self.run_ballast("schema").stdout)

    def test_help(self):
        for command in ("run", "optimize", "validate", "schema", "calibrate", "curve", "replay", "report", "export"):
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
