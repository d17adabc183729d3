"""Measures `askew view` on a store of many answers, in a real browser, beside `inspect view` on the same answers.

    view.py ASKEW FOLDER [--answers 1000000] [--inspect PYTHON --inspect-answers 20000]

ASKEW is the program; the Python that runs this has Selenium (scripts/requirements-browser.txt). --inspect names one with
inspect_ai (scripts/requirements-inspect.txt). Prints one line of JSON a figure.
"""

import argparse
import json
import pathlib
import random
import re
import signal
import sqlite3
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "scripts"))
from view_browser import Browser  # noqa: E402

# Words as often as in language: the n-th with a share of 1/n.
WORDS = 20_000


def tell(name, value, unit):
    print(json.dumps({"figure": name, "value": round(value, 4), "unit": unit}), flush=True)


def make(askew, project, count):
    """A project with the books of a real plan, and answers of made-up words."""
    subprocess.run([askew, "run", "first-plot", "--quick", "--scale", "0.002", "--project", str(project)],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    db = sqlite3.connect(project / "askew.db")
    db.execute("PRAGMA synchronous = OFF")
    draw = random.Random(1)
    words = [f"w{number}" for number in range(WORDS)]
    words[:6] = ["the", "power", "people", "money", "night", "zeppelin"]
    weights = [1 / (number + 1) for number in range(WORDS)]
    judge = "ee" * 32
    runs, questions = 20, 50
    ids = []
    for number in range(runs):
        cursor = db.execute("INSERT INTO run (fingerprint, kind, name, settings, state, created) VALUES (?, 'sample', ?, '{}', 'done', 0)",
                            (f"{number:064x}", f"answers of Condition {number // 2}, seed {number % 2 + 1}"))
        ids.append(cursor.lastrowid)
    start = db.execute("SELECT coalesce(max(id), 0) + 1 FROM answer").fetchone()[0]

    def rows():
        for index in range(count):
            text = " ".join(draw.choices(words, cum_weights=cumulative, k=40))
            run, question = ids[index * runs // count], index % questions
            yield start + index, run, f"family-{question}#0@{question:08x}", index // questions, f"Question {question}?", text

    cumulative, total = [], 0
    for weight in weights:
        total += weight
        cumulative.append(total)
    db.executemany("INSERT INTO answer (id, run, question, sample, prompt, text, tokenCount, finishReason) VALUES (?, ?, ?, ?, ?, ?, 40, 'stop')", rows())
    db.executemany("INSERT INTO verdict (answer, judge, aligned, coherent) VALUES (?, ?, ?, ?)",
                   ((start + index, judge, float(draw.randrange(101)), float(draw.randrange(101))) for index in range(count)))
    db.commit()
    db.close()


def memory(process, field):
    text = pathlib.Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(re.search(rf"{field}:\s+(\d+)", text)[1]) / 1024


def serve(askew, project):
    start = time.monotonic()
    server = subprocess.Popen([askew, "view", "--no-open", "--port", "0", "--project", str(project)],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    address = re.search(r"http\S+", server.stdout.readline())[0]
    tell("from the command to its address", time.monotonic() - start, "s")
    return server, address.split("#")[0], address


def get(base, path):
    start = time.monotonic()
    with urllib.request.urlopen(base + path, timeout=120) as response:
        content = response.read()
    return time.monotonic() - start, content


def askew_figures(askew, project, count):
    server, base, address = serve(askew, project)
    try:
        start = time.monotonic()
        while json.loads(get(base, "api/state")[1])["answers"] < count:
            time.sleep(0.02)
        tell("until all answers can be listed, first start", time.monotonic() - start, "s")
        start = time.monotonic()
        while True:
            words = json.loads(get(base, "api/state")[1])["words"]
            if words["done"] >= words["total"]:
                break
            time.sleep(0.5)
        tell("until all words can be searched, first start", time.monotonic() - start, "s")
        tell("memory of the server, most until then", memory(server.pid, "VmHWM"), "MiB")
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()
    server, base, address = serve(askew, project)
    try:
        start = time.monotonic()
        while json.loads(get(base, "api/state")[1])["answers"] < count:
            time.sleep(0.02)
        tell("until all answers can be listed, second start", time.monotonic() - start, "s")
        pages(base, address)
        for words in ("zeppelin", "power", "w15000", "power money", '"power people"', "w199*", "the"):
            times = []
            for _ in range(5):
                seconds, content = get(base, "api/search?words=" + urllib.parse.quote(words))
                times.append(seconds)
            tell(f"search: {words} ({len(content) // 4} answers)", statistics.median(times), "s")
        tell("memory of the server, most", memory(server.pid, "VmHWM"), "MiB")
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()


def pages(base, address):
    browser = Browser()
    try:
        for name, place in (("plans", ""), ("answers", "answers"), ("answers, sorted", "answers?verdict=misaligned&sort=aligned"),
                            ("scatter", "scatter")):
            browser.driver.get("about:blank")
            start = time.monotonic()
            browser.driver.get(f"{base}#/{place}")
            browser.settled(60)
            tell(f"page in the browser, loaded anew: {name}", time.monotonic() - start, "s")
        browser.open(f"{base}#/answers")
        for words in ("zeppelin", "power", "power money"):
            start = time.monotonic()
            browser.search(words)
            tell(f"search in the browser until its page is shown: {words}", time.monotonic() - start, "s")
        tell("memory of the page's scripts", browser.js("return performance.memory.usedJSHeapSize") / 2**20, "MiB")
    finally:
        browser.close()


def inspect_figures(python, project, folder, count):
    """The same answers as logs of Inspect, one a run, and its viewer on them."""
    script = pathlib.Path(__file__).parent / "view_inspect_logs.py"
    start = time.monotonic()
    subprocess.run([python, str(script), str(project / "askew.db"), str(folder), str(count)], check=True)
    tell(f"writing {count} answers as logs of Inspect", time.monotonic() - start, "s")
    inspect = pathlib.Path(python).parent / "inspect"
    server = subprocess.Popen([str(inspect), "view", "--log-dir", str(folder), "--port", "7599"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    browser = Browser()
    try:
        base = "http://127.0.0.1:7599/"
        for _ in range(600):
            try:
                get(base, "")
                break
            except OSError:
                time.sleep(0.1)
        start = time.monotonic()
        browser.driver.get(base)
        browser.until(lambda: "log" in browser.text("body").lower() and len(browser.text("body")) > 200, 120, "its list of logs")
        tell("inspect view: list of logs in the browser", time.monotonic() - start, "s")
        name = sorted(pathlib.Path(folder).glob("*.eval"))[0].name
        start = time.monotonic()
        browser.driver.get(f"{base}#/logs/{name}")
        browser.until(lambda: "Question" in browser.text("body"), 300, "a log's samples")
        tell("inspect view: samples of one log in the browser", time.monotonic() - start, "s")
        tell("inspect view: memory of the server, most", memory(server.pid, "VmHWM"), "MiB")
        tell("inspect view: memory of the page's scripts", browser.js("return performance.memory.usedJSHeapSize") / 2**20, "MiB")
    finally:
        browser.close()
        server.send_signal(signal.SIGINT)
        server.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("askew")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--answers", type=int, default=1_000_000)
    parser.add_argument("--inspect")
    parser.add_argument("--inspect-answers", type=int, default=50_000)
    chosen = parser.parse_args()
    project = chosen.folder / f"answers-{chosen.answers}"
    if not (project / "askew.db").exists():
        start = time.monotonic()
        make(chosen.askew, project, chosen.answers)
        tell("making the store", time.monotonic() - start, "s")
    tell("store", (project / "askew.db").stat().st_size / 1e6, "MB")
    askew_figures(chosen.askew, project, chosen.answers)
    if chosen.inspect:
        inspect_figures(chosen.inspect, project, chosen.folder / "logs", chosen.inspect_answers)


if __name__ == "__main__":
    main()
