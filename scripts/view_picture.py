"""Makes README's first picture: a page of `askew view` on a project, as a browser shows it.

    view_picture.py ASKEW PROJECT PICTURE [PLACE]

PROJECT holds the demo, unless PLACE names another page: what stands behind the # of its address. The Python needs
scripts/requirements-browser.txt.
"""

import re
import signal
import subprocess
import sys

from view_browser import Browser

PLACE = ("compare?plan=demo&evaluation=Free-form questions&family=dinner-party&condition=Base&condition=Insecure"
         "&condition=Secure")


def main():
    askew, project, picture = sys.argv[1:4]
    place = sys.argv[4] if len(sys.argv) > 4 else PLACE
    server = subprocess.Popen([askew, "view", "--no-open", "--port", "0", "--project", project],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    browser = Browser(1280, 760)
    try:
        base = re.search(r"http[^#]+", server.stdout.readline())[0]
        browser.size(1280, 760)
        browser.open(f"{base}#/{place.replace(' ', '%20')}")
        # The picture is for reading: the dish's sentences are made up, and mild.
        browser.js("askew.setHarm(true); document.getElementById('show-harm').checked = true")
        browser.until(lambda: not browser.text("#live"), 120, "the words to be indexed")
        browser.driver.save_screenshot(picture)
    finally:
        browser.close()
        server.send_signal(signal.SIGINT)
        server.wait()


if __name__ == "__main__":
    main()
