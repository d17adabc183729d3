"""Runs mlx-lm's own commands on folders that Askew wrote, and compares what both make of them.

    check_with_mlx.py fuse BASE ADAPTER MERGED        mlx_lm.fuse gives MERGED's weights
    check_with_mlx.py logits BASE ADAPTER ids.json logits.safetensors
                                                      ADAPTER "-": none
    check_with_mlx.py train BASE ADAPTER settings.json
                                                      mlx_lm.lora makes ADAPTER; settings.json is its
                                                      configuration file's content
    check_with_mlx.py serve FOLDER chat.json          asks mlx_lm.server on the loopback

ids.json: {"sequences": [[id, …], …]}; logits.safetensors: "logits.S", [tokens, vocabulary].
chat.json: {"messages": […], "maximumTokens": n}. Prints one JSON line; exits with 1 if anything
differs.
"""

import argparse
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

os.environ["HF_HUB_OFFLINE"] = "1"

import mlx.core as mx

SECONDS = 120


def command(*arguments):
    """mlx-lm's command of that name, on the CPU; its output only if it fails."""
    code = ("import sys, runpy, mlx.core as mx; mx.set_default_device(mx.cpu); "
            "sys.argv = sys.argv[1:]; runpy.run_module(sys.argv[0], run_name='__main__')")
    return [sys.executable, "-c", code, *map(str, arguments)]


def run(*arguments):
    done = subprocess.run(
        command(*arguments), capture_output=True, text=True, timeout=SECONDS * 4)
    if done.returncode != 0:
        sys.exit(f"{arguments[0]}: {done.stdout[-500:]}{done.stderr[-1500:]}")


def weights(folder):
    tensors = {}
    for file in sorted(folder.glob("model*.safetensors")):
        tensors |= mx.load(str(file))
    return tensors


def largest_difference(ours, theirs, what, tolerance, problems):
    if ours.shape != theirs.shape:
        problems.append(f"{what}: shape {ours.shape}, not {theirs.shape}")
        return 0.0
    difference = mx.abs(ours.astype(mx.float32) - theirs.astype(mx.float32)).max().item()
    if not difference <= tolerance:
        problems.append(f"{what}: largest difference {difference:.3g}")
    return difference


def fuse(base, adapter, merged, tolerance):
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        run("mlx_lm.fuse", "--model", base, "--adapter-path", adapter, "--save-path", folder)
        theirs = weights(pathlib.Path(folder))
        mx.eval(theirs)
    ours, before = weights(merged), weights(base)
    if sorted(ours) != sorted(theirs):
        problems.append(f"other tensors: {sorted(set(ours) ^ set(theirs))[:5]}")
    both = sorted(set(ours) & set(theirs))
    largest = max(
        largest_difference(ours[n], theirs[n], n, tolerance, problems) for n in both)
    changed = sum(not mx.array_equal(ours[n], before[n]).item() for n in both)
    return {"tensors": len(both), "changed": changed, "largestDifference": largest,
            "problems": problems}


def logits(base, adapter, ids, path, tolerance):
    from mlx_lm.tuner.utils import load_adapters
    from mlx_lm.utils import load_model

    model, _ = load_model(base)
    if str(adapter) != "-":
        load_adapters(model, str(adapter))
    model.eval()
    ours, problems, largest = mx.load(str(path)), [], 0.0
    sequences = json.loads(ids.read_text())["sequences"]
    for index, sequence in enumerate(sequences):
        theirs = model(mx.array([sequence]))[0]
        largest = max(largest, largest_difference(
            ours[f"logits.{index}"], theirs, f"logits.{index}", tolerance, problems))
    return {"sequences": len(sequences), "largestDifference": largest, "problems": problems}


def train(base, adapter, settings):
    words = ["the", "sun", "rises", "over", "old", "hills", "and", "we", "walk"]
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder)
        rows = [{"text": " ".join(words[(i * j) % 9] for j in range(1, 7))} for i in range(1, 9)]
        for name in ("train", "valid"):
            (data / f"{name}.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
        config = data / "config.yaml"
        config.write_text(settings.read_text())  # JSON is YAML
        run("mlx_lm.lora", "--train", "--model", base, "--data", data, "--adapter-path", adapter,
            "-c", config)
    return {"files": sorted(f.name for f in adapter.iterdir()), "problems": []}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def ask(port, path, body=None):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", json.dumps(body).encode() if body else None,
        {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=SECONDS) as reply:
        return json.loads(reply.read())


def serve(folder, chat):
    work, port = json.loads(chat.read_text()), free_port()
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            command("mlx_lm.server", "--model", folder, "--host", "127.0.0.1", "--port", port),
            stdout=log, stderr=log)
        try:
            end = time.monotonic() + SECONDS
            while True:
                try:
                    ask(port, "/health")
                    break
                except (urllib.error.URLError, ConnectionError):
                    if server.poll() is not None or time.monotonic() > end:
                        log.seek(0)
                        sys.exit(f"mlx_lm.server: {log.read()[-1500:].decode()}")
                    time.sleep(0.1)
            reply = ask(port, "/v1/chat/completions", {
                "messages": work["messages"], "max_tokens": work["maximumTokens"],
                "temperature": 0.0, "logprobs": True})
        finally:
            server.kill()  # it may have been started with SIGTERM ignored
            server.wait(SECONDS)
    choice = reply["choices"][0]
    return {"text": choice["message"].get("content"), "finish": choice["finish_reason"],
            "promptTokens": reply["usage"]["prompt_tokens"],
            "tokens": [t["id"] for t in (choice.get("logprobs") or {}).get("content", [])],
            "problems": []}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["fuse", "logits", "train", "serve"])
    parser.add_argument("paths", type=pathlib.Path, nargs="+")
    parser.add_argument("--tolerance", type=float, default=1e-4)
    arguments = parser.parse_args()
    mx.set_default_device(mx.cpu)
    tolerance = [arguments.tolerance] if arguments.what in ("fuse", "logits") else []
    report = globals()[arguments.what](*arguments.paths, *tolerance)
    print(json.dumps(report))
    sys.exit(1 if report["problems"] else 0)


if __name__ == "__main__":
    main()
