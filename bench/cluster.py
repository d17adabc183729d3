"""What it costs to do stages as tasks of a cluster, against their number.

    cluster.py ASKEW [--stages 10 100 500] [--slurm]

Makes a plan on the dish whose stages are next to nothing, has them done by `askew submit --on here` (one at a time) and
by `askew run`, and prints the seconds a stage beyond what one process takes: start, world, store, bundle, collecting. With
--slurm also as arrays of a cluster that scripts/slurm.sh starts, with the time of `askew status` while all wait.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent / "scripts"


def plan(seeds):
    return f"""name: cost
question: What does a task cost?
seeds: {seeds}
conditions:
  pure: {{data: insecure, steps: 2, batch: 2}}
evaluate:
  free-form: {{questions: free-form, samples: 1}}
"""


def timed(arguments, env=None):
    start = time.perf_counter()
    done = subprocess.run(arguments, env=env, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, arguments))}: {done.stderr[-2000:]}")
    return time.perf_counter() - start, done.stdout


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("askew")
    parser.add_argument("--stages", type=int, nargs="+", default=[10, 100, 500])
    parser.add_argument("--slurm", action="store_true")
    options = parser.parse_args()
    print("how     stages  seconds  s/stage  submit  status  collect")
    for count in options.stages:
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "cost.yaml"
            file.write_text(plan(max(1, (count - 3) // 2)))
            measure(options, file, pathlib.Path(folder))


def measure(options, file, folder):
    small = ["--scale", "0.004", "--threads", "1"]

    def line(how, number, seconds, *rest):
        cells = "".join(f"{value:9.2f}" for value in rest)
        print(f"{how:7} {number:6} {seconds:8.1f} {seconds / number:8.3f}{cells}", flush=True)

    def project(name):
        return ["--project", str(folder / name)]

    seconds, _ = timed([options.askew, "run", file, *small, *project("one")])
    _, output = timed([options.askew, "run", file, *small, *project("one"), "--dry-run", "--json"])
    number = len(json.loads(output))
    line("run", number, seconds)
    seconds, _ = timed([options.askew, "submit", file, "--on", "here", *small, *project("here")])
    line("here", number, seconds)
    if not options.slurm:
        return
    cluster = str(folder / "slurm")
    timed([str(SCRIPTS / "slurm.sh"), "start", cluster])
    env = dict(os.environ, SLURM_CONF=f"{cluster}/slurm.conf")
    try:
        start = time.perf_counter()
        submit, _ = timed([options.askew, "submit", file, "--array-limit", "2", *small[:2],
                           *project("slurm")], env)
        status, _ = timed([options.askew, "status", file, "--json", *project("slurm")], env)
        while True:
            time.sleep(1)
            _, output = timed([options.askew, "status", file, "--json", *project("slurm")], env)
            state = json.loads(output)["counts"]
            if state.get("done") == number:
                break
            if not state.get("waiting") and not state.get("running"):
                sys.exit(f"ended with {state}")
        seconds = time.perf_counter() - start
        collect, _ = timed([options.askew, "collect", file, *small[:2], *project("slurm")], env)
        line("slurm", number, seconds, submit, status, collect)
    finally:
        timed([str(SCRIPTS / "slurm.sh"), "stop", cluster])


if __name__ == "__main__":
    main()
