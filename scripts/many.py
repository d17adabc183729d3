"""Runs one of the checks of this folder several times in one process: what it imports takes longer than what it does.

    many.py check_edits.py arguments.json

arguments.json: [[argument, …], …]. Prints the reports of all runs as one JSON list; that a run found something is in its
report, and no reason to end.
"""

import contextlib
import importlib
import io
import json
import pathlib
import sys


def report(check, arguments):
    sys.argv = [check.__file__, *arguments]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            check.main()
        except SystemExit as end:
            if end.code not in (None, 0, 1):
                raise
    return json.loads(printed.getvalue().strip().splitlines()[-1])


def main():
    name, arguments = sys.argv[1:]
    check = importlib.import_module(pathlib.Path(name).stem)
    runs = json.loads(pathlib.Path(arguments).read_text())
    print(json.dumps([report(check, run) for run in runs]))


if __name__ == "__main__":
    main()
