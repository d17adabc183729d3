"""A Chromium without a window, and what the checks of `askew view` do with it."""

import contextlib
import pathlib
import time

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

# Console lines that say nothing of the page.
HARMLESS = ("DevTools", "favicon")


class Browser:
    """One window of a browser; every page that it has shown is in `seen`."""

    def __init__(self, width=1280, height=900):
        options = webdriver.ChromeOptions()
        for argument in (
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions",
            f"--window-size={width},{height}", "--hide-scrollbars",
        ):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        for program in ("/usr/bin/chromium", "/usr/bin/google-chrome"):
            if pathlib.Path(program).exists():
                options.binary_location = program
                break
        service = webdriver.ChromeService("/usr/bin/chromedriver")
        self.driver = webdriver.Chrome(options=options, service=service)
        self.driver.set_page_load_timeout(30)
        self.errors = []
        self.size(width)

    def close(self):
        self.driver.quit()

    def size(self, width, height=900, dark=False):
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})

    def open(self, address):
        """Opens an address, or, behind the same document, only what stands behind its #."""
        self.collect()
        if self.driver.current_url.split("#")[0] == address.split("#")[0] and "token=" not in address:
            fragment = address.partition("#")[2]
            self.js("location.hash = arguments[0]", fragment)
        else:
            self.driver.get(address)
        self.settled()

    def settled(self, seconds=20):
        """Waits until the page shows what its address names."""
        script = """
          const main = document.getElementById("main");
          return main && main.dataset.shown === location.hash && !/^Reading/.test(main.textContent)"""
        self.until(lambda: self.js(script), seconds, "the page to show its address")

    def until(self, condition, seconds=20, what="a condition"):
        end = time.monotonic() + seconds
        while True:
            with contextlib.suppress(Exception):
                result = condition()
                if result:
                    return result
            if time.monotonic() > end:
                raise AssertionError(f"waited {seconds} s for {what}; the page says: {self.text('main')[:300]!r}")
            time.sleep(0.05)

    def js(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector):
        return self.js(
            "return [...document.querySelectorAll(arguments[0])].map((one) => one.textContent).join('\\n')", selector)

    def click(self, selector):
        for attempt in range(5):
            try:
                element = self.find(selector)
                self.js("arguments[0].scrollIntoView({block: 'center'})", element)
                element.click()
                break
            except StaleElementReferenceException:
                # The page has followed the store meanwhile.
                if attempt == 4:
                    raise
        self.settled()

    def choose(self, name, text):
        """Chooses from a list by its name and the text of a line."""
        for option in self.all(f"select[name={name}] option"):
            if option.get_attribute("textContent") == text:
                option.click()
                self.settled()
                return
        lines = [option.get_attribute("textContent") for option in self.all(f"select[name={name}] option")]
        raise AssertionError(f"{name} has no {text!r}, but {lines}")

    def press(self, *keys):
        self.driver.switch_to.active_element.send_keys(*keys)

    def key(self, key):
        """A key of the page's own, away from any field."""
        self.js("document.activeElement.blur()")
        self.find("body").send_keys(key)
        self.settled()

    def search(self, words):
        field = self.find("#search")
        field.clear()
        field.send_keys(words, Keys.ENTER)
        self.settled()

    def collect(self):
        """Keeps what the console has complained of."""
        for line in self.driver.get_log("browser"):
            if line["level"] in ("SEVERE", "WARNING") and not any(word in line["message"] for word in HARMLESS):
                self.errors.append(line["message"])

    def complaints(self):
        self.collect()
        errors, self.errors = self.errors, []
        return errors

    def axe(self, source):
        """Serious faults that axe-core finds, in words."""
        if not self.js("return Boolean(window.axe)"):
            # Not as a script of the page, whose policy has to stay as it is.
            self.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": source})
        found = self.driver.execute_async_script(
            "const done = arguments[0]; axe.run(document, {resultTypes: ['violations']}).then(done)")
        return [
            f"{one['id']} ({one['impact']}): {one['nodes'][0]['target']} {one['nodes'][0].get('failureSummary', '')[:200]}"
            for one in found["violations"] if one["impact"] in ("serious", "critical")
        ]


def axe_source():
    import axe_playwright_python

    return (pathlib.Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
