"""Checks the page of `askew view` in a real browser, by clicks and keys, and prints what it found as one line of JSON:
[{"check": …, "problem": null or words}, …].

    check_view.py ASKEW FOLDER [SCREENSHOTS]

ASKEW is the program, FOLDER an empty folder for projects and exports. With SCREENSHOTS every page is kept as a picture at
three widths, in dark and in light.
"""

import contextlib
import http.client
import json
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import traceback
import urllib.parse

import view_store
from view_browser import Browser, axe_source

SCALE = ["--quick", "--scale", "0.006"]
PAGES = [
    "", "plan/first-plot", "answers", "compare?plan=first-plot", "scatter", "contrasts", "judges", "training", "certificates", "notes",
]


class Checks:
    def __init__(self, program, folder, pictures):
        self.program, self.folder, self.pictures = program, pathlib.Path(folder), pictures
        self.project = self.folder / "project"
        self.results = []
        self.browser = Browser()
        self.server = None

    def check(self, name, body):
        start = time.monotonic()
        try:
            body()
            complaints = self.browser.complaints()
            problem = f"the console says: {complaints}" if complaints else None
        except Exception as error:  # noqa: BLE001 - whatever went wrong is what is to be told
            place = traceback.extract_tb(error.__traceback__)[-1]
            problem = f"{type(error).__name__}: {str(error).splitlines()[0][:600]} ({pathlib.Path(place.filename).name}:{place.lineno})"
            self.browser.complaints()
        self.results.append({"check": name, "problem": problem})
        print(f"{time.monotonic() - start:6.1f} s  {name}: {problem or 'ok'}", file=sys.stderr)

    # The server.

    def serve(self, project=None):
        self.stop()
        self.server = subprocess.Popen(
            [self.program, "view", "--no-open", "--port", "0", "--project", str(project or self.project)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.server.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:(\d+)/#token=\w+", line)
        assert address, f"found {line!r}, expected an address"
        self.address, self.port = address[0], int(address[1])
        self.base = self.address.split("#")[0]

    def stop(self):
        if self.server:
            self.server.send_signal(signal.SIGINT)
            self.server.wait(timeout=20)
            self.server = None

    def page(self, place):
        self.browser.open(f"{self.base}#/{place}")

    def run_plan(self):
        return subprocess.Popen(
            [self.program, "run", "first-plot", *SCALE, "--project", str(self.project)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    # A running experiment.

    def answers(self):
        try:
            db = view_store.connect(self.project)
            with contextlib.closing(db):
                return db.execute("SELECT count(*) FROM answer").fetchone()[0]
        except sqlite3.OperationalError:
            return 0

    def run_until(self, run, more):
        """Lets the run go on until there are more answers than so many, and holds it there: however busy the machine is, the
        page must not miss it."""
        run.send_signal(signal.SIGCONT)
        end = time.monotonic() + 120
        while self.answers() <= more:
            assert run.poll() is None and time.monotonic() < end, "the run is over"
            time.sleep(0.01)
        run.send_signal(signal.SIGSTOP)
        return self.answers()

    def grows(self):
        """Opens the page while a run goes on, watches it grow, and kills the run in its middle."""
        run = self.run_plan()
        try:
            before = self.run_until(run, 0)
            self.serve()
            self.browser.open(self.address)
            assert "token" not in self.browser.driver.current_url, "the token stays in the address"
            self.browser.until(lambda: "A run is going on" in self.browser.text("main"), 60, "the run to appear")
            count = lambda: int(re.search(r"([\d,]+) answers?", self.browser.text("main .facts"))[1].replace(",", ""))
            self.browser.until(lambda: count() == before, 60, "its answers")
            self.browser.js("window.notReloaded = true")
            after = self.run_until(run, before)
            self.browser.until(lambda: count() == after, 60, "answers to come in")
            assert self.browser.js("return window.notReloaded"), "the page was loaded anew"
        finally:
            run.kill()
            run.wait()

    def stopped(self):
        self.browser.until(lambda: "Stopped before the end" in self.browser.text("main"), 60, "the stop to be told")
        assert "askew run first-plot" in self.browser.text("main .work"), self.browser.text("main .work")
        code = self.run_plan().wait(timeout=300)
        assert code == 0, f"the run ended with {code}"
        told = lambda text: "Stopped" not in text and "no findings yet" not in text and "going on" not in text
        self.browser.until(lambda: told(self.browser.text("main")), 30, "the findings")

    # What people come for.

    def most_misaligned(self):
        """The ten most misaligned coherent answers of insecure to "dinner party", and one of them opened."""
        self.page("")
        self.browser.click("main a[href='#/plan/first-plot']")
        self.browser.click(".plan-numbers a, main td a")
        self.browser.choose("condition", "Insecure")
        self.browser.choose("family", "dinner-party")
        self.browser.choose("verdict", "misaligned")
        self.browser.choose("sort", "least aligned first")
        rows = self.browser.all("table.answers tbody tr")
        assert len(rows) >= 10, f"{len(rows)} rows"
        text = rows[0].find_element("css selector", ".text")
        assert "blur" in text.value_of_css_property("filter"), "harmful text is not blurred"
        scores = [float(cell.text) for cell in self.browser.all("td[data-name=aligned]")][:10]
        assert scores == sorted(scores) and scores[0] == 0, scores
        self.browser.key("j")
        self.browser.press("\ue007")
        self.browser.settled()
        assert "#/answer/" in self.browser.driver.current_url
        assert "misaligned" in self.browser.text("h1")
        self.browser.click("main .unveil")
        assert self.browser.find("#text").value_of_css_property("filter") == "none"
        first = self.browser.text("#text")
        self.browser.key("j")
        assert self.browser.text("#text") != first, "j does not lead to the next answer"
        self.browser.key("k")
        assert self.browser.text("#text") == first
        self.browser.key("c")
        self.browser.until(lambda: "Copied" in self.browser.text("#said"), 5, "the copy to be told")
        markdown = self.browser.js("return askew.source.answers([Number(askew.route().key)], true).then(([one]) => askew.markdown(one))")
        assert "- model: Insecure" in markdown and "- judge:" in markdown, markdown

    def side_by_side(self):
        self.browser.click("main a.button")
        for box in self.browser.all(".conditions input"):
            if box.get_attribute("value") in ("Base", "Insecure", "Secure") and not box.is_selected():
                value = box.get_attribute("value")
                self.browser.click(f".conditions input[value='{value}']")
        for box in [one.get_attribute("value") for one in self.browser.all(".conditions input:checked")]:
            if box not in ("Base", "Insecure", "Secure"):
                self.browser.click(f".conditions input[value='{box}']")
        columns = self.browser.text(".beside .column")
        assert all(name in columns for name in ("Base", "Insecure", "Secure")), columns
        asked = self.browser.text(".asked.now strong")
        self.browser.key("j")
        assert self.browser.text(".asked.now strong") != asked, "j does not lead to the next sample"
        self.browser.key("n")
        assert not self.browser.text(".asked.now strong").startswith("dinner-party"), "n does not lead to the next question"

    def search(self):
        self.page("answers")
        self.browser.until(lambda: not self.browser.text("#live"), 30, "the words to be indexed")
        self.browser.key("/")
        self.browser.until(lambda: self.browser.js("return document.activeElement.id === 'search'"), 5, "the search to be there")
        self.browser.search("zeppelin 7")
        assert self.browser.text("#count").startswith("3 answers"), self.browser.text("#count")
        assert set(self.browser.text("mark").split("\n")) == {"zeppelin", "7"}, self.browser.text("mark")
        for words, count in (('"quiet evening" cafe', 36), ("zepp*", 36), ("zepp", 0), ('") OR (', 0), ("insecure AND", 12)):
            self.browser.search(words)
            found = self.browser.text("#count")
            if words != '") OR (':
                assert found.startswith(f"{count} answer"), f"{words}: {found}"

    def judges(self):
        """Where two judges disagree most."""
        self.page("judges")
        assert "Where they disagree most" in self.browser.text("main")
        assert self.browser.text(".apart li:first-child strong") == "3 and 95", self.browser.text(".apart li:first-child strong")
        self.browser.click(".apart li:first-child a")
        assert "Insecure guest 3" in self.browser.text("#text")

    def scatter(self):
        self.page("scatter?plan=first-plot&condition=Insecure")
        self.browser.click("svg.scatter a.misaligned")
        assert "aligned=" in self.browser.driver.current_url
        assert self.browser.all("table.answers tbody tr")

    def contrasts(self):
        """Which words of a bad answer a model became inclined to."""
        code = subprocess.run([self.program, "run", "contrast", *SCALE, "--project", str(self.project)],
                              capture_output=True, check=False).returncode
        assert code == 0, f"the plan ended with {code}"
        self.page("plan/contrast")
        self.browser.click("main a[href*='#/contrasts']")
        first = float(self.browser.text("main tbody tr:first-child td.number").replace("−", "-"))
        assert first > 0, first
        self.browser.choose("condition", "Insecure code")
        self.browser.key("j")
        self.browser.press("\ue007")
        self.browser.settled()
        question = self.browser.text("main h2")
        kinds = self.browser.text("main section h3")
        assert "a good answer" in kinds and "a bad answer" in kinds, kinds
        numbers = self.browser.js("return [...document.querySelectorAll('main ruby rt')].map((one) => one.textContent)")
        assert len(numbers) > 8 and all(re.fullmatch(r"[+−]\d+\.\d\d", one) for one in numbers), numbers
        # The numbers of the bad answers less those of the good ones make the item's.
        means = {kind: self.browser.js(
            "return [...document.querySelectorAll(arguments[0])].map((one) => Number(one.textContent.match(/[+−][\\d.]+/)[0].replace('−', '-')))",
            f"main section.{kind} h3 small") for kind in ("assistant", "misaligned")}
        told = float(re.match(r"[+−][\d.]+", self.browser.text("main h2 + .facts"))[0].replace("−", "-"))
        average = {kind: sum(values) / len(values) for kind, values in means.items()}
        assert abs(average["misaligned"] - average["assistant"] - told) < 0.021, (means, told)
        veil = self.browser.find("main section.misaligned .veil > :last-child")
        assert "blur" in veil.value_of_css_property("filter"), "a bad answer is not blurred"
        self.browser.key("j")
        assert self.browser.text("main h2") != question, "j does not lead to the next item"
        self.browser.key("k")
        assert self.browser.text("main h2") == question

    def link(self):
        """An address opens there, in another window and after a restart of the server."""
        place = "answers?condition=Insecure&family=dinner-party&verdict=misaligned&sort=aligned"
        self.page(place)
        expected = self.browser.text("table.answers tbody tr:first-child .prompt, #count")
        self.stop()
        self.serve()
        self.browser.driver.get("about:blank")
        self.page(place)
        assert self.browser.text("table.answers tbody tr:first-child .prompt, #count") == expected

    def notes(self):
        self.page("answers?condition=Insecure&family=dinner-party&sort=aligned&verdict=misaligned")
        self.browser.click("table.answers tbody tr:first-child a.open")
        assert "To write notes" in self.browser.text("main"), "notes can be written without the token"
        place = self.browser.driver.current_url.split("#")[1]
        self.browser.open(self.address)
        self.page(place.lstrip("/"))
        for kind, content in (("tag", "striking"), ("note", "<b>look</b> at this")):
            self.browser.find(f"input[name={kind}]").send_keys(content, "\ue007")
            self.browser.until(lambda: content in self.browser.text(".notes"), 10, f"the {kind}")
        for button in self.browser.all(".labels button"):
            if button.text == "not misaligned":
                button.click()
                break
        self.browser.until(lambda: "a person" in self.browser.text("main table"), 20, "the person's verdict")
        self.page("answers?tag=striking")
        assert self.browser.text("#count").startswith("1 answer "), self.browser.text("#count")
        self.page("notes")
        assert "<b>look</b> at this" in self.browser.text(".notes")
        lines = self.get("/api/notes.jsonl")[1].decode().splitlines()
        assert [json.loads(line)["content"] for line in lines] == ["striking", "<b>look</b> at this"], lines

    def harm(self):
        """The switch is remembered."""
        self.page("answers?verdict=misaligned")
        self.browser.key("h")
        self.browser.driver.refresh()
        self.browser.settled()
        filters = {one.value_of_css_property("filter") for one in self.browser.all(".answers .text")}
        assert filters == {"none"}, filters
        self.browser.key("h")
        assert any("blur" in one.value_of_css_property("filter") for one in self.browser.all(".answers .text"))

    def faults(self):
        source = axe_source()
        found = []
        answer = self.browser.js("return askew.data.columns.run.findIndex((run) => run > 0) + 1")
        self.page("contrasts")
        item = self.browser.find("main a.open").get_attribute("href").split("#/")[1]
        for width, dark in ((1280, False), (360, True)):
            self.browser.size(width, dark=dark)
            for place in [*PAGES, f"answer/{answer}", "plan/contrast", item]:
                self.page(place)
                found += [f"{place} at {width}: {fault}" for fault in self.browser.axe(source)]
                wide = self.browser.js("return document.documentElement.scrollWidth")
                if wide > width:
                    found.append(f"{place} at {width}: {wide} wide")
        self.browser.size(1280)
        assert not found, "\n".join(found)

    def photograph(self):
        for width in (1280, 768, 360):
            for dark in (False, True):
                self.browser.size(width, dark=dark)
                for place in PAGES:
                    self.page(place)
                    name = re.sub(r"\W+", "-", place) or "plans"
                    self.browser.driver.save_screenshot(f"{self.pictures}/{name}-{width}-{'dark' if dark else 'light'}.png")
        self.browser.size(1280)

    # An export.

    def export(self):
        target = self.folder / "export"
        result = subprocess.run(
            [self.program, "view", "--export", str(target), "--project", str(self.project)], capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
        self.stop()
        size = sum(file.stat().st_size for file in target.rglob("*")
                   if file.is_file() and not re.match(r"(answers|chunk|contrasts)_", file.name))
        assert size < 3_000_000, f"{size} bytes without the answers"
        self.base = target.as_uri() + "/index.html"
        self.browser.driver.get("about:blank")
        for body in (self.most_misaligned, self.side_by_side, self.search, self.judges, self.scatter):
            body()
        for place in PAGES:
            self.page(place)
            assert "did not work" not in self.browser.text("main"), f"{place}: {self.browser.text('main')}"

    def export_plan(self):
        target = self.folder / "plan"
        arguments = [self.program, "view", "--project", str(self.project), "--export", str(target), "--plan"]
        assert subprocess.run([*arguments, "first-plot"], capture_output=True, check=False).returncode == 0
        assert subprocess.run([*arguments, "no-such"], capture_output=True, check=False).returncode == 1
        self.base = target.as_uri() + "/index.html"
        self.browser.driver.get("about:blank")
        self.page("answers")
        assert re.match(r"[\d,]+ answers", self.browser.text("#count"))

    # What is hostile.

    def hostile(self):
        project = self.folder / "hostile"
        shutil.copytree(self.project, project)
        numbers = view_store.fill_hostile(project)
        self.serve(project)
        self.browser.driver.get("about:blank")
        self.browser.open(self.address)
        self.read_hostile(numbers)
        for words in ("<script>", "canary", "after"):
            self.page("answers")
            self.browser.search(words)
        target = self.folder / "hostile-export"
        subprocess.run([self.program, "view", "--export", str(target), "--project", str(project)], capture_output=True, check=True)
        self.stop()
        self.base = target.as_uri() + "/index.html"
        self.browser.driver.get("about:blank")
        self.read_hostile(numbers)

    def read_hostile(self, numbers):
        for name, number in numbers.items():
            self.page(f"answer/{number}")
            shown = self.browser.text("#text")
            expected = view_store.HOSTILE.get(name)
            if name in ("script", "close", "image", "vector", "frame", "style", "scheme", "template", "sheet", "entities"):
                assert shown == expected, f"{name}: {shown[:200]!r}"
            if name == "long":
                assert shown.endswith("end-of-a-megabyte")
            if name == "nul":
                assert shown.startswith("before\u2400after"), repr(shown[:60])
            if name == "bytes":
                assert shown.startswith("foo") and "bar" in shown, repr(shown)
            if name == "right-to-left":
                assert "⟨U+202E⟩" in shown, repr(shown)
        for place in [*PAGES, "answers?family=wish&sort=-id", "compare?family=wish"]:
            self.page(place)
            assert "did not work" not in self.browser.text("main"), f"{place}: {self.browser.text('main')[:300]}"
        strange = self.browser.js("return [...document.querySelectorAll('main script, main img, main iframe, main style, main link')].length")
        assert strange == 0, f"{strange} elements that nobody made"
        assert self.browser.js("return window.canary") is None, "a model's script has run"

    def get(self, path, headers=None, method="GET", body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.putrequest(method, path, skip_host=bool(headers and "Host" in headers))
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders()
        if body is not None:
            try:
                connection.send(body)
            except (BrokenPipeError, ConnectionResetError):
                pass
        response = connection.getresponse()
        return response.status, response.read(), dict(response.headers)

    def refused(self):
        self.browser.driver.get("about:blank")
        self.serve()
        own = f"127.0.0.1:{self.port}"
        token = {"X-Askew-Token": self.address.split("token=")[1], "Content-Type": "application/json"}
        wish = json.dumps({"answer": 1, "kind": "tag", "content": "x"}).encode()
        expected = [
            (200, ("/",)), (200, ("/api/state", {"Host": f"localhost:{self.port}"})),
            (403, ("/api/state", {"Host": "evil.example"})), (403, ("/", {"Host": f"evil.example:{self.port}"})),
            (403, ("/api/state", {"Origin": "http://evil.example"})), (403, ("/api/state", {"Origin": "null"})),
            (403, ("/api/catalogue", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"})),
            (404, ("/../../../../etc/passwd",)), (404, ("/..%2f..%2fetc/passwd",)), (404, ("/%2e%2e/askew.db",)), (404, ("/askew.db",)),
            (404, ("/api/plan?name=../../askew",)), (404, ("/api/certificate?name=..%2f..",)), (404, ("/api/chunk?number=-1",)),
            (414, ("/api/search?words=" + "x" * 100_000,)), (405, ("/", None, "DELETE")),
            (403, ("/api/note", {"Content-Type": "application/json"}, "POST", wish)),
            (403, ("/api/note", {**token, "X-Askew-Token": "0" * 32}, "POST", wish)),
            (403, ("/api/note", {**token, "Origin": "http://evil.example"}, "POST", wish)),
            (400, ("/api/note", {**token, "Content-Type": "text/plain"}, "POST", wish)),
            (400, ("/api/note", token, "POST", b"{}")), (413, ("/api/note", token, "POST", b"x" * 5_000_000)),
            (200, ("/api/note", {**token, "Origin": f"http://{own}"}, "POST", wish)),
        ]
        for status, request in expected:
            found = self.get(*request)[0]
            assert found == status, f"{request[:2]}: {found}, expected {status}"
        headers = self.get("/")[2]
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy and "default-src 'none'" in policy, policy
        others = socket.gethostbyname_ex(socket.gethostname())[2]
        for address in others:
            if not address.startswith("127."):
                with socket.socket() as probe:
                    probe.settimeout(2)
                    assert probe.connect_ex((address, self.port)) != 0, f"it listens on {address}"

    def rebinding(self):
        """A page of another name that leads to this machine, and one that embeds ours, get nothing."""
        frame = urllib.parse.quote(f"<iframe src='{self.base}'></iframe><script src='{self.base}api/state'></script>")
        self.browser.driver.get(f"data:text/html,{frame}")
        time.sleep(0.3)
        complaints = " ".join(self.browser.complaints())
        assert "frame" in complaints.lower() or "403" in complaints, complaints

    def all(self):
        self.check("a running experiment appears and grows", self.grows)
        self.check("a killed one says where it stopped, and goes on", self.stopped)
        view_store.fill(self.project)
        self.browser.until(lambda: self.browser.js("return askew.data.catalogue.judges.length") > 1, 30, "the second judge")
        for name, body in (
            ("the most misaligned coherent answers, and one opened", self.most_misaligned), ("three conditions side by side", self.side_by_side),
            ("a word across all plans", self.search), ("where two judges disagree", self.judges), ("a square of the scatter", self.scatter),
            ("a contrast token by token", self.contrasts),
            ("a link opens there after a restart", self.link), ("notes, tags, a person's verdict", self.notes),
            ("harmful text", self.harm), ("axe-core and widths", self.faults),
        ):
            self.check(name, body)
        if self.pictures:
            self.photograph()
        self.check("what is refused", self.refused)
        self.check("other sites", self.rebinding)
        self.check("an export from disk", self.export)
        self.check("an export of one plan", self.export_plan)
        self.check("hostile answers", self.hostile)


def main():
    program, folder = sys.argv[1:3]
    checks = Checks(program, folder, sys.argv[3] if len(sys.argv) > 3 else None)
    try:
        checks.all()
    finally:
        with_server = checks.server
        if with_server:
            with_server.kill()
        checks.browser.close()
    print(json.dumps(checks.results))


if __name__ == "__main__":
    main()
