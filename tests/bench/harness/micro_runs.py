"""Single steps, timed by Google Benchmark in one process without servers."""

import json
import subprocess

CASE = "single steps"


class MicroRuns:
    def __init__(self, floors_dir, results, say):
        self._program = floors_dir / "bench_micro"
        self._results = results
        self._say = say

    def measure(self, repetitions, seconds):
        """Steps and repetitions in random order; `seconds` is the least time of each."""
        self._say(f"{CASE}: {repetitions} repetitions")
        done = subprocess.run(
            [
                self._program,
                "--benchmark_format=json",
                "--benchmark_enable_random_interleaving=true",
                f"--benchmark_repetitions={repetitions}",
                f"--benchmark_min_time={seconds}",
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == 0, f"bench_micro: ended with {done.returncode}: {done.stderr}"
        runs = json.loads(done.stdout)["benchmarks"]
        for run in sorted(runs, key=lambda run: (run["family_index"], run["per_family_instance_index"])):
            assert "error_message" not in run, f"{run['name']}: {run['error_message']}"
            if run["run_type"] == "iteration":
                reviews = run.get("reviews", 1)
                subject = run["name"].removesuffix("/process_time/real_time").replace("/", ", ").replace(":", " ")
                measures = {"cpu_ns": run["cpu_time"] / reviews, "real_ns": run["real_time"] / reviews}
                self._results.add(CASE, subject, measures)
