#!/usr/bin/env python3
"""The program divided over MPI ranks: the results of one process, errors said once, checkpoints.

usage: run_mpi.py BALLAST_OF_THE_MPI_BUILD BALLAST [unittest options]
"""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "faults"))
from program import BAD_DATA, CANNOT_CREATE, CANNOT_WRITE, NO_SOLUTION, SOURCE, Case, end, strip_run, wait_until  # noqa: E402

CHECKPOINT = 75


class Ranks(Case):
    mpi = None  # the program of the MPI build

    def words(self, ranks, *words):
        # One machine stands for three: more ranks than processors, and as root where the test runs as root.
        return ["mpirun", "--oversubscribe", "--bind-to", "none", *(["--allow-run-as-root"] if os.geteuid() == 0 else []), "-n", str(ranks),
                self.mpi, *map(str, words)]

    def run_ranks(self, ranks, *words, expect=0, says=None):
        done = subprocess.run(self.words(ranks, *words), cwd=self.folder, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, expect, done.stdout[-2000:] + done.stderr[-3000:])
        if says:
            self.assertEqual(done.stderr.count(says), 1, done.stderr)
            self.assertEqual(done.stdout.replace("-", "").strip().count(says), 0, done.stdout)
        return done

    def same(self, one="one", many="many"):
        compare = pathlib.Path(self.ballast).parent / "compare_results"
        done = subprocess.run([compare, self.folder / one / "results.h5", self.folder / many / "results.h5"],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(strip_run(self.summary(one)), strip_run(self.summary(many)))
        names = sorted(p.name for p in (self.folder / one).iterdir())
        self.assertEqual(names, sorted(p.name for p in (self.folder / many).iterdir()))
        for name in names:
            if name.endswith(".csv"):
                self.assertEqual((self.folder / one / name).read_bytes(), (self.folder / many / name).read_bytes(), name)

    def one_and_many(self, *words, ranks=3):
        self.run_ballast("run", "study.yaml", "-o", "one", "--quiet", *words)
        self.run_ranks(ranks, "run", "study.yaml", "-o", "many", "--quiet", *words)
        self.same()


class Results(Ranks):
    scenarios = ["--scenarios", 20000, "--set", "scenarios.optimise_count=30000"]

    def test_three_ranks(self):
        self.one_and_many(*self.scenarios, "--set", "output.key_rate_durations=true", "--set", "output.zero_rates=true")

    def test_more_ranks_than_blocks(self):
        self.one_and_many(ranks=4)  # two blocks each

    def test_single_precision_and_frontier(self):
        self.one_and_many(*self.scenarios, "--set", "output.float32=true", "--set", "optimize.frontier={points: 3}", ranks=2)

    def test_given_weights_and_a_shard(self):
        self.write("w.csv", "asset,weight\nequity,0.5\nbonds,0.4\ncash,0.1\n")
        self.one_and_many(*self.scenarios, "--weights", "w.csv")
        for part in ("1/2", "2/2"):
            self.run_ranks(2, "run", "study.yaml", "--weights", "w.csv", "--shard", part, "-o", "shards", "--quiet", *self.scenarios)
        self.run_ballast("merge", "shards/shard_1_of_2.h5", "shards/shard_2_of_2.h5", "-o", "merged/results.h5", "--quiet")
        compare = pathlib.Path(self.ballast).parent / "compare_results"
        self.assertEqual(subprocess.run([compare, "one/results.h5", "merged/results.h5"], cwd=self.folder, check=False).returncode, 0)

    def test_what_the_root_solves_alone(self):
        self.one_and_many(*self.scenarios, "--set", "optimize.objective=min_variance")

    def test_worst_case_and_policy(self):
        self.one_and_many("--set", "optimize.worst_case=[{model: normal}, {stress: irrbb_2024/EUR}]",
                          "--set", "optimize.policy={scenarios: 300, starts: 1, max_evaluations: 40}", *self.scenarios, ranks=2)
        words = ["--set", "optimize.worst_case=[{model: normal}]"]
        self.run_ballast("optimize", "study.yaml", "-o", "one.csv", *words)
        self.run_ranks(2, "optimize", "study.yaml", "-o", "many.csv", *words)
        self.assertEqual((self.folder / "one.csv").read_bytes(), (self.folder / "many.csv").read_bytes())

    def test_views(self):
        self.one_and_many("--set", "views=[{kind: mean, asset: equity, equals: 0.05}]", *self.scenarios, ranks=2)

    def test_weights_alone(self):
        words = ["--set", "scenarios.optimise_count=40000", "--set", "optimize.objective=mean_cvar", "--set", "optimize.risk_aversion=2"]
        self.run_ballast("optimize", "study.yaml", "-o", "one.csv", *words)
        for ranks in (2, 3):
            self.run_ranks(ranks, "optimize", "study.yaml", "-o", "many.csv", *words)
            self.assertEqual((self.folder / "one.csv").read_bytes(), (self.folder / "many.csv").read_bytes())

    def test_other_commands_run_once(self):
        done = self.run_ranks(3, "curve", "study.yaml", "--at", "1,10")
        self.assertEqual(done.stdout, self.run_ballast("curve", "study.yaml", "--at", "1,10").stdout)

    def test_own_scenarios(self):
        self.write("own.csv", "a,b\n" + "".join(f"{k % 7 / 50},{k % 11 / 90}\n" for k in range(3000)))
        self.write("own.yaml", "study: {name: own, seed: 1}\nscenarios: {model: file, path: own.csv}\n"
                               "optimize: {objective: min_cvar, loss: return}\n")
        self.run_ballast("run", "own.yaml", "-o", "one", "--quiet")
        self.run_ranks(2, "run", "own.yaml", "-o", "many", "--quiet")
        self.same()


class Errors(Ranks):
    def test_wrong_study(self):
        self.change("horizon_years: 2", "horizon_years: two")
        self.run_ranks(3, "run", "study.yaml", expect=BAD_DATA, says="horizon_years")

    def test_infeasible(self):
        self.run_ranks(3, "run", "study.yaml", "--set", "optimize.constraints={max_weight: 0.2}", expect=NO_SOLUTION, says="no weights satisfy")
        self.nothing_left(self.folder / "results")

    def test_compression(self):
        self.run_ranks(2, "run", "study.yaml", "--set", "output.compression=1", expect=BAD_DATA, says="several ranks")
        self.nothing_left(self.folder / "results")

    def test_output_that_cannot_be_created(self):
        self.run_ranks(3, "run", "study.yaml", "-o", "/proc/ballast", expect=CANNOT_CREATE, says="/proc/ballast")

    def test_full_disk(self):
        where = self.folder / "disk"
        where.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(where)], capture_output=True, text=True, check=False)
        if mounted.returncode != 0:
            self.skipTest(f"left out: a full disk needs the right to mount one ({mounted.stderr.strip()})")
        self.addCleanup(subprocess.run, ["umount", str(where)], check=False)
        self.run_ranks(2, "run", "study.yaml", "--scenarios", 20000, "-o", where / "results", expect=CANNOT_WRITE, says="No space left")
        self.nothing_left(where)

    def test_an_error_of_one_rank_ends_all(self):
        # Rank 1 finds another curve than the others: it alone could know.
        shell = ["bash", "-c", f'[ "$OMPI_COMM_WORLD_RANK" = 1 ] && cd other; exec "{self.mpi}" run study.yaml -o "{self.folder}/results"']
        shutil.copytree(self.folder / "data", self.folder / "other/data")
        shutil.copy(self.folder / "study.yaml", self.folder / "other")
        self.change_cell("other/data/curve.csv", 3, 2, "0.031")
        done = subprocess.run([*self.words(3)[:-1], *shell], cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, BAD_DATA, done.stderr)
        self.assertEqual(done.stderr.count("rank 1 reads another study"), 1, done.stderr)
        # Rank 2 has no study at all, and the others wait for it: they are ended.
        shell[2] = f'[ "$OMPI_COMM_WORLD_RANK" = 2 ] && rm -f other/study.yaml && cd other; exec "{self.mpi}" run study.yaml -o "{self.folder}/results"'
        done = subprocess.run([*self.words(3)[:-1], *shell], cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 66, done.stderr)
        self.nothing_left(self.folder / "results")


class Checkpoints(Ranks):
    command = ["run", "study.yaml", "--scenarios", 200000, "--quiet"]

    def stop(self, ranks, number, *words, expect=CHECKPOINT):
        checkpoint = self.folder / "many/results.h5.checkpoint"
        before = checkpoint.stat().st_mtime_ns if checkpoint.exists() else None
        process = subprocess.Popen(self.words(ranks, *self.command, "-o", "many", "--checkpoint", 0.0005, *words), cwd=self.folder,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(end, process)
        self.assertTrue(wait_until(lambda: checkpoint.exists() and checkpoint.stat().st_mtime_ns != before, process))
        process.send_signal(number)  # mpirun passes SIGUSR1 on; SIGTERM it answers with an exit code of its own
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, expect, out + err)
        self.assertFalse((self.folder / "many/results.h5").exists())
        return err

    def test_stopped_and_resumed_with_other_numbers_of_ranks(self):
        self.run_ballast(*self.command, "-o", "one")
        self.assertEqual(self.stop(3, signal.SIGUSR1).count("--resume"), 1)
        self.stop(2, signal.SIGUSR1, "--resume")
        self.run_ballast(*self.command, "-o", "many", "--resume")  # one process goes on from what ranks left
        self.same()

    def test_killed(self):
        self.run_ballast(*self.command, "-o", "one")
        checkpoint = self.folder / "many/results.h5.checkpoint"
        process = subprocess.Popen(self.words(3, *self.command, "-o", "many", "--checkpoint", 0.0005), cwd=self.folder,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(end, process)
        self.assertTrue(wait_until(checkpoint.exists, process))
        mine = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=True).stdout.split()
        os.kill(int(mine[0]), signal.SIGKILL)  # a node is lost: mpirun ends the others
        process.communicate(timeout=60)
        self.assertNotEqual(process.returncode, 0)
        self.assertFalse((self.folder / "many/results.h5").exists())
        self.run_ranks(3, *self.command, "-o", "many", "--resume")
        self.same()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    Ranks.mpi, Ranks.ballast = (str(pathlib.Path(word).resolve()) for word in sys.argv[1:3])
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
