"""Holds the Jobs that `askew submit --on kubernetes` has written to Kubernetes' own schema, and does what their pods would
do, here, one after the other.

    check_kubernetes.py FOLDER BIN

BIN has askew in it. Prints {"jobs": …, "pods": …} as JSON.
"""

import json
import os
import pathlib
import re
import subprocess
import sys

import kubernetes_validate

# The first in which an index has a limit of its own.
VERSION = "1.29"


def run(job, path):
    """The pods of an Indexed Job; one that ends with 75 begins again, as its policy says."""
    (container,) = job["spec"]["template"]["spec"]["containers"]
    for index in range(job["spec"]["completions"]):
        environment = dict(os.environ, JOB_COMPLETION_INDEX=str(index), PATH=f"{path}:{os.environ['PATH']}")
        code = 75
        while code == 75:
            code = subprocess.run(container["command"], env=environment, stdout=subprocess.DEVNULL, check=False).returncode
        if code != 0:
            sys.exit(f"{job['metadata']['name']}, index {index}: {code}")
    return job["spec"]["completions"]


def main():
    folder, path = pathlib.Path(sys.argv[1]), sys.argv[2]
    script = (folder / "apply.sh").read_text(encoding="utf-8")
    names = re.findall(r"kubectl apply -f (\S+)", script)
    pods = 0
    for name in names:
        job = json.loads((folder / name).read_text(encoding="utf-8"))
        kubernetes_validate.validate(job, VERSION, strict=True)
        assert f"job/{job['metadata']['name']}\n" in script, f"{name} is not waited for"
        pods += run(job, path)
    print(json.dumps({"jobs": len(names), "pods": pods}))


if __name__ == "__main__":
    main()
