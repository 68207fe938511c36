"""Studies and command lines that are wrong: each says what, where, and leaves with its own exit code."""

import shutil
import subprocess

from program import BAD_DATA, CANNOT_CREATE, NO_INPUT, NO_SOLUTION, OWN_STUDY, USAGE, Case


class WrongStudy(Case):
    def test_typo_in_a_key_is_placed_and_corrected(self):
        self.change("  count: 1500", "  cuont: 1500")
        for command in ("run", "validate", "calibrate"):
            self.run_ballast(command, "study.yaml", expect=BAD_DATA,
                             says=["study.yaml:6:3: error:", "'cuont'", "did you mean 'count'?"])

    def test_all_errors_in_the_order_of_the_file(self):
        self.change("seed: 7", "seed: -7")
        self.change("steps_per_year: 12", "steps_per_year: twelve")
        self.change("loss: surplus", "loss: surpluss")
        self.change("max_weight: 0.7", "max_wieght: 0.7")
        done = self.run_ballast("run", "study.yaml", expect=BAD_DATA,
                                says=["study.yaml:3:9:", "study.yaml:9:19:", "study.yaml:26:9:", "study.yaml:27:17:"])
        places = [tuple(map(int, line.split(":")[1:3])) for line in done.stderr.splitlines()
                  if line.startswith("study.yaml:")]
        self.assertEqual(len(places), 4, done.stderr)
        self.assertEqual(places, sorted(places))

    def test_unknown_stress(self):
        self.change("balance:", "stress: [irrbb_2024/EUX, irrbb_2025/EUR]\nbalance:")
        for command in ("run", "validate"):
            self.run_ballast(command, "study.yaml", expect=BAD_DATA,
                             says=["no currency 'EUX'; did you mean 'EUR'?", "'irrbb_2025' is not a family"])

    def test_broken_yaml(self):
        self.change("  current: {equity: 0.5, bonds: 0.4, cash: 0.1}", "  current: {equity: 0.5, bonds: 0.4")
        self.run_ballast("run", "study.yaml", expect=BAD_DATA, says="study.yaml:")

    def test_duplicate_key(self):
        self.change("  seed: 7", "  seed: 7\n  seed: 8")
        self.run_ballast("run", "study.yaml", expect=BAD_DATA, says=["study.yaml:4:3:", "seed"])

    def test_empty_study(self):
        self.write("study.yaml", "")
        self.run_ballast("run", "study.yaml", expect=BAD_DATA, says="study.yaml")

    def test_binary_study(self):
        self.write("study.yaml", bytes(range(256)) * 4)
        self.run_ballast("run", "study.yaml", expect=BAD_DATA, says="study.yaml")

    def test_current_weights_that_do_not_sum_to_one(self):
        self.change("cash: 0.1}", "cash: 0.2}")
        self.run_ballast("run", "study.yaml", expect=BAD_DATA, says=["study.yaml:23:", "sum to 1.1"])

    def test_unknown_asset_series(self):
        self.change("series: equity_world", "series: equity_wrold")
        self.run_ballast("run", "study.yaml", expect=BAD_DATA,
                         says=["returns.csv:1:1:", "equity_wrold", "did you mean 'equity_world'?"])

    def test_bom_and_crlf_are_read(self):
        plain = self.run_ballast("run", "study.yaml", "--json", "-o", "plain")
        for name in ("study.yaml", "data/returns.csv", "data/curve.csv", "data/flows.csv"):
            text = (self.folder / name).read_bytes()
            self.write(name, b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))
        marked = self.run_ballast("run", "study.yaml", "--json", "-o", "marked")
        self.assertEqual(plain.stdout.split('"optimizer"')[0], marked.stdout.split('"optimizer"')[0])
        self.change("  seed: 7\r\n", "  sede: 7\r\n")
        self.run_ballast("run", "study.yaml", expect=BAD_DATA, says=["study.yaml:3:3:", "did you mean 'seed'?"])

    def test_constraints_that_conflict_are_named(self):
        self.change("constraints: {max_weight: 0.7}",
                    "constraints: {groups: [{assets: [equity, bonds], max: 0.4}, {assets: [cash], max: 0.3}]}")
        done = self.run_ballast("run", "study.yaml", expect=NO_SOLUTION, says="groups")
        self.assertIn("[0]", done.stderr)
        self.assertIn("[1]", done.stderr)

    def test_return_that_nothing_reaches(self):
        self.change("{max_weight: 0.7}", "{max_weight: 0.7, min_return: 0.9}")
        self.run_ballast("run", "study.yaml", expect=NO_SOLUTION, says="min_return")
        self.nothing_left(self.folder / "results")

    def test_max_weight_too_small(self):
        self.change("max_weight: 0.7", "max_weight: 0.2")
        self.run_ballast("run", "study.yaml", expect=NO_SOLUTION, says="max_weight")


class WrongCommandLine(Case):
    def test_unknown_option(self):
        self.run_ballast("run", "study.yaml", "--scenarois", "10", expect=USAGE,
                         says=["--scenarois", "did you mean '--scenarios'?"])

    def test_unknown_command(self):
        self.run_ballast("rnu", "study.yaml", expect=USAGE, says=["unknown command 'rnu'", "did you mean 'run'?"])
        self.run_ballast(expect=USAGE, says="ballast --help")

    def test_option_without_or_with_a_bad_value(self):
        for words in (["--scenarios"], ["--scenarios", "0"], ["--scenarios", "1e99"], ["--scenarios", "-5"],
                      ["--threads", "0"], ["--isa", "v5"], ["--memory", "lots"], ["--seed", "abc"], ["--seed", "-1"],
                      ["--set", "scenarios.count"], ["--set", "=3"], ["--weights", ""]):
            with self.subTest(words=words):
                self.run_ballast("run", "study.yaml", *words, expect=USAGE, says=words[0])

    def test_missing_files(self):
        self.run_ballast("run", "absent.yaml", expect=NO_INPUT, says="absent.yaml")
        self.run_ballast("validate", "absent.yaml", expect=NO_INPUT, says="absent.yaml")
        self.run_ballast("replay", "absent.h5", "--scenario", 0, expect=NO_INPUT, says="absent.h5")
        self.run_ballast("run", "study.yaml", "--weights", "absent.csv", expect=NO_INPUT, says="absent.csv")
        (self.folder / "data/returns.csv").unlink()
        self.run_ballast("run", "study.yaml", expect=NO_INPUT, says=["data/returns.csv", "cannot be read (No such file"])

    def test_validate_finds_what_a_run_would(self):
        for setting, code, text in (
                ("optimize.worst_case=[{model: nrmal}]", BAD_DATA, "did you mean 'normal'?"),
                ("optimize.worst_case=[{stress: no such}]", BAD_DATA, "no such"),
                ("optimize.constraints={max_weight: 0.2}", NO_SOLUTION, "optimize.constraints.max_weight: at most 0.2"),
                ("optimize.constraints={duration_gap: {min: 50}}", NO_SOLUTION, "duration_gap.min: at least 50"),
                ("balance.current={equity: {now: 1}}", BAD_DATA, "--set balance.current={equity: {now: 1}}"),
                ("balance.funding_ratio={now: 1}", BAD_DATA, "--set balance.funding_ratio={now: 1}")):
            self.run_ballast("validate", "study.yaml", "--set", setting, expect=code, says=text)
            self.run_ballast("run", "study.yaml", "--set", setting, "-o", "none", expect=code, says=text)
            self.assertFalse((self.folder / "none").exists(), "simulated before it looked")

    def test_inputs_that_do_not_end(self):
        for name in ("/dev/zero", "/dev/urandom"):
            self.run_ballast("run", name, expect=NO_INPUT, says=[name, "is a device"])
            self.run_ballast("run", "study.yaml", "--set", f"market.returns={name}", expect=NO_INPUT,
                             says=[name, "is a device"])
        done = subprocess.run(f"yes study: | '{self.ballast}' validate -", shell=True, cwd=self.folder, text=True,
                              capture_output=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout), (NO_INPUT, ""), done.stderr)
        self.assertIn("16 MB", done.stderr)
        with open(self.folder / "long.yaml", "wb") as file:
            file.truncate(17 << 20)
        self.run_ballast("run", "long.yaml", expect=BAD_DATA, says=["long.yaml", "17 MB"])

    def test_folders_where_files_should_be(self):
        self.run_ballast("run", "data", expect=NO_INPUT, says="data")
        self.run_ballast("replay", "data", "--scenario", 0, expect=NO_INPUT, says="data")
        self.run_ballast("run", "study.yaml", "--set", "market.returns=data", expect=NO_INPUT, says="data")

    def test_set_of_a_bad_value(self):
        for assignment, text in (("scenarios.count=many", "many"), ("scenarios.cuont=5", "did you mean 'count'?"),
                                 ("assets[9].name=x", "assets"), ("scenarios.count.more=5", "scenarios.count"),
                                 ("optimize.confidence=1.5", "confidence"), ("study.seed=[1", "--set"), ("study.name=", "no value")):
            with self.subTest(assignment=assignment):
                self.run_ballast("run", "study.yaml", "--set", assignment, expect=BAD_DATA,
                                 says=["--set " + assignment, text])

    def test_too_little_memory_says_what_fits(self):
        done = self.run_ballast("run", "study.yaml", "--memory", "1MB", expect=USAGE, says=["--memory", "would do"])
        self.assertNotIn("count 0", done.stderr)
        self.run_ballast("run", "study.yaml", "--memory", "1kB", expect=USAGE, says=["the limit is 1kB", f"{done.stderr.split('--memory ')[1].split()[0]} would do"])
        # The amount that it names is enough.
        need = done.stderr.split("--memory ")[1].split(" would do")[0]
        self.run_ballast("run", "study.yaml", "--memory", need, "--quiet")
        # Where fewer scenarios would fit, the number that it names does.
        words = ["run", "study.yaml", "--set", "scenarios.optimise_count=1000", "--memory", "100MB"]
        done = self.run_ballast(*words, "--scenarios", "900000", expect=USAGE, says="would fit")
        count = done.stderr.split("scenarios.count ")[1].split()[0].rstrip(";,")
        self.assertGreater(int(count), 1000)
        self.run_ballast(*words, "--scenarios", count, "--dry-run", "--quiet")

    def test_the_page_takes_memory(self):
        def need(*words):
            done = self.run_ballast("run", "study.yaml", "--scenarios", 500_000, "--threads", 1, "--memory", "1kB", *words, expect=USAGE)
            return int(done.stderr.split("--memory ")[1].split("MB would do")[0])

        # Risk is measured on eight vectors of the scenarios, the page on as many and the returns of three assets.
        self.assertAlmostEqual(need() - need("--set", "output.report=false"), 12, delta=1)

    def test_more_scenarios_than_any_machine_can_hold(self):
        self.run_ballast("run", "study.yaml", "--scenarios", 10**9, "--set", "scenarios.horizon_years=60", expect=USAGE,
                         says=["this machine has", "would fit"])

    def test_own_scenarios_that_do_not_fit(self):
        self.write("own.csv", "a,b\n" + "".join(f"{k % 7 / 50},{k % 11 / 90}\n" for k in range(50_000)))
        self.write("own.yaml", OWN_STUDY)
        for words in (["run", "own.yaml"], ["optimize", "own.yaml", "-o", "w.csv"]):
            self.run_ballast(*words, "--memory", "61MB", expect=USAGE, says=["--memory", "own.csv", "the limit is 61MB", "HDF5"])
            self.nothing_left(self.folder / "results")
            self.run_ballast(*words, "--memory", "70MB", "--quiet")
            shutil.rmtree(self.folder / "results", ignore_errors=True)

    def test_further_sets_take_memory(self):
        words = ["run", "study.yaml", "--set", "scenarios.optimise_count=900000", "--set", "scenarios.count=100", "--memory", "250MB", "--dry-run", "--quiet"]
        self.run_ballast(*words)
        self.run_ballast(*words, "--set", "optimize.worst_case=[{model: normal}, {stress: irrbb_2024/EUR}]", expect=USAGE,
                         says="scenarios.optimise_count")

    def test_number_of_scenarios_for_own_scenarios(self):
        self.write("own.csv", "a,b\n0.1,0.2\n-0.1,0.0\n")
        self.write("own.yaml", OWN_STUDY)
        self.run_ballast("run", "own.yaml", "--scenarios", 10, expect=USAGE, says=["--scenarios", "model: file"])

    def test_confidence_at_its_bounds(self):
        self.run_ballast("run", "study.yaml", "--set", "optimize.confidence=1", expect=BAD_DATA, says="confidence")
        self.run_ballast("run", "study.yaml", "--set", "optimize.confidence=-0.1", expect=BAD_DATA, says="confidence")
        self.run_ballast("run", "study.yaml", "--set", "optimize.confidence=0", "--quiet")  # the mean loss

    def test_output_that_cannot_be_created(self):
        self.write("a_file", "")
        for folder in ("a_file", "a_file/below", "/proc/ballast"):
            with self.subTest(folder=folder):
                self.run_ballast("run", "study.yaml", "-o", folder, expect=CANNOT_CREATE, says=folder.split("/")[-1])
        self.run_ballast("optimize", "study.yaml", "-o", "absent/w.csv", expect=CANNOT_CREATE, says="absent")
        self.run_ballast("optimize", "study.yaml", "-o", "data", expect=CANNOT_CREATE, says="data")

    def test_output_folder_is_tried_before_the_work(self):
        self.write("own.csv", "a,b\n0.1,0.2\n-0.1,0.0\n")
        self.write("own.yaml", OWN_STUDY)
        self.run_ballast("run", "own.yaml", "-o", "own.csv", expect=CANNOT_CREATE, says="own.csv")
