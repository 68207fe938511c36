"""Runs that are stopped with a checkpoint, or killed at any moment, go on with --resume and end as if nothing had been."""

import pathlib
import random
import signal
import subprocess

from program import BAD_DATA, USAGE, Case, end, strip_run, wait_until

CHECKPOINT = 75


class Resume(Case):
    scenarios = 150000

    def run_words(self, *words, folder="results"):
        return ["run", "study.yaml", "-o", folder, "--scenarios", self.scenarios, "--quiet", *words]

    def checkpoint(self, folder="results"):
        return self.folder / folder / "results.h5.checkpoint"

    def same_as_uninterrupted(self, *words):
        self.run_ballast(*self.run_words(*words, folder="whole"))
        self.assertEqual(strip_run(self.summary("whole")), strip_run(self.summary()))
        compare = pathlib.Path(self.ballast).parent / "compare_results"
        done = subprocess.run([compare, self.folder / "whole/results.h5", self.folder / "results/results.h5"],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        left = sorted(p.name for p in (self.folder / "results").iterdir() if "partial" in p.name or "checkpoint" in p.name)
        self.assertEqual(left, [])

    def stop(self, number, *words, expect=CHECKPOINT):
        before = self.checkpoint().stat().st_mtime_ns if self.checkpoint().exists() else None
        process = self.start(*self.run_words("--checkpoint", 0.0005, *words))
        self.addCleanup(end, process)
        self.assertTrue(wait_until(lambda: self.checkpoint().exists() and self.checkpoint().stat().st_mtime_ns != before, process),
                        "the run ended before it had saved a checkpoint")
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, expect, out + err)
        self.assertIn("--resume", err)
        self.assertFalse((self.folder / "results/results.h5").exists())

    def test_termination_and_resumption(self):
        self.stop(signal.SIGTERM)
        self.run_ballast(*self.run_words("--resume"))
        self.same_as_uninterrupted()

    def test_usr1_then_ctrl_c_then_resumption(self):
        self.stop(signal.SIGUSR1)
        self.stop(signal.SIGINT, "--resume")
        self.run_ballast(*self.run_words("--resume", "--threads", 1))
        self.same_as_uninterrupted()

    def test_lost_terminal_and_resumption(self):
        self.addCleanup(signal.signal, signal.SIGHUP, signal.signal(signal.SIGHUP, signal.SIG_DFL))
        self.stop(signal.SIGHUP)
        self.run_ballast(*self.run_words("--resume"))
        self.same_as_uninterrupted()

    def test_nohup_is_respected(self):
        self.addCleanup(signal.signal, signal.SIGHUP, signal.signal(signal.SIGHUP, signal.SIG_IGN))
        process = self.start(*self.run_words())
        self.addCleanup(end, process)
        self.assertTrue(wait_until(lambda: any((self.folder / "results").glob("*.partial")), process))
        process.send_signal(signal.SIGHUP)
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, out + err)

    def test_termination_before_the_first_checkpoint(self):
        process = self.start(*self.run_words("--checkpoint", 0))
        self.addCleanup(end, process)
        partial = lambda: any(p.stat().st_size > 0 for p in (self.folder / "results").glob("*.partial"))
        self.assertTrue(wait_until(partial, process))
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        # Where blocks were done there is a checkpoint, where none was there is nothing.
        self.assertIn(process.returncode, (CHECKPOINT, 143))
        self.assertEqual(process.returncode == CHECKPOINT, self.checkpoint().exists())

    def test_killed_at_random_moments(self):
        chance = random.Random(20261125)
        for _ in range(6):
            process = self.start(*self.run_words("--resume", "--checkpoint", 0.0005))
            self.addCleanup(end, process)
            try:
                process.communicate(timeout=chance.uniform(0.05, 0.5))
            except subprocess.TimeoutExpired:
                end(process)
            if (self.folder / "results/results.h5").exists():  # whatever has its name is whole
                self.run_ballast("replay", "results/results.h5", "--scenario", self.scenarios - 1)
        self.run_ballast(*self.run_words("--resume"))
        self.same_as_uninterrupted()

    def test_killed_before_the_first_checkpoint(self):
        process = self.start(*self.run_words("--checkpoint", 0))
        self.addCleanup(end, process)
        partial = lambda: any(p.stat().st_size > 0 for p in (self.folder / "results").glob("*.partial"))
        self.assertTrue(wait_until(partial, process))
        end(process)
        (self.folder / "results/summary.json.77.partial").write_text("half")
        (self.folder / "results/results.h5.mine.partial").write_text("no run's")
        self.assertFalse((self.folder / "results/results.h5").exists())
        self.scenarios = 3000
        self.run_ballast(*self.run_words())
        # What the killed run left is gone, by itself.
        left = [p for p in (self.folder / "results").iterdir() if "partial" in p.name]
        self.assertEqual([p.name for p in left], ["results.h5.mine.partial"])
        left[0].unlink()
        self.same_as_uninterrupted()

    def test_two_runs_into_one_folder(self):
        # The second one must not take away what the first one writes: each has a file of its own.
        process = self.start(*self.run_words("--checkpoint", 0))
        self.addCleanup(end, process)
        partial = lambda: any(p.stat().st_size > 0 for p in (self.folder / "results").glob("*.partial"))
        self.assertTrue(wait_until(partial, process))
        self.run_ballast("run", "study.yaml", "-o", "results", "--quiet")
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, out + err)
        self.same_as_uninterrupted()

    def test_a_shard_resumes(self):
        self.write("w.csv", "asset,weight\nequity,0.5\nbonds,0.4\ncash,0.1\n")
        words = ["--weights", "w.csv", "--shard", "2/2"]
        path = self.folder / "results/shard_2_of_2.h5"
        process = self.start(*self.run_words("--checkpoint", 0.0005, *words))
        self.addCleanup(end, process)
        self.assertTrue(wait_until(path.with_name(path.name + ".checkpoint").exists, process))
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, CHECKPOINT)
        self.run_ballast(*self.run_words("--resume", *words))
        self.run_ballast(*self.run_words("--weights", "w.csv", "--shard", "1/2"))
        self.run_ballast("merge", "results/shard_1_of_2.h5", path, "-o", "results/results.h5", "--quiet")
        for shard in (self.folder / "results").glob("shard*"):
            shard.unlink()
        self.same_as_uninterrupted("--weights", "w.csv")

    def test_checkpoint_of_another_study(self):
        self.stop(signal.SIGTERM)
        before = {p.name for p in (self.folder / "results").iterdir()}
        self.run_ballast(*self.run_words("--resume", "--seed", 8), expect=BAD_DATA,
                         says=["results.h5.checkpoint", "another run", "without --resume"])
        self.assertEqual(before, {p.name for p in (self.folder / "results").iterdir()}, "the checkpoint is lost")
        self.run_ballast(*self.run_words("--seed", 8))
        self.assertEqual([], [p for p in (self.folder / "results").iterdir() if "checkpoint" in p.name])

    def test_damaged_checkpoint(self):
        self.checkpoint().parent.mkdir()
        for text in ("", "{", "[1]", '{"version": "1"}', '{"version": 1, "partial": 7}',
                     '{"version": 1, "partial": "x", "scenarios": 2, "all_scenarios": 1, "fingerprint": ""}'):
            with self.subTest(text=text):
                self.checkpoint().write_text(text)
                self.run_ballast(*self.run_words("--resume"), expect=BAD_DATA,
                                 says=["results.h5.checkpoint", "no checkpoint of this ballast", "without --resume"])

    def test_checkpoint_whose_data_are_gone(self):
        self.stop(signal.SIGTERM)
        for path in (self.folder / "results").glob("*.partial"):
            path.unlink()
        self.run_ballast(*self.run_words("--resume"), expect=BAD_DATA, says=["is gone", "without --resume"])

    def test_resume_without_a_checkpoint_starts_anew(self):
        self.scenarios = 3000
        self.run_ballast(*self.run_words("--resume"))
        self.same_as_uninterrupted()

    def test_interval_that_is_no_number(self):
        for value in ("-1", "often"):
            self.run_ballast(*self.run_words("--checkpoint", value), expect=USAGE, says="--checkpoint")
