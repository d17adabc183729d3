"""Has SkyPilot itself read the pipeline that `askew submit --on skypilot` has written, and does what its nodes would do, here, one
after the other.

    check_skypilot.py FOLDER BIN

BIN has askew in it. Prints {"tasks": …, "nodes": …} as JSON.
"""

import copy
import json
import os
import pathlib
import subprocess
import sys

import yaml
from sky import task as sky_task
from sky.utils import common_utils, schemas


def run(task, path):
    for rank in range(task.num_nodes):
        environment = dict(
            os.environ,
            SKYPILOT_NODE_RANK=str(rank),
            SKYPILOT_NUM_NODES=str(task.num_nodes),
            PATH=f"{path}:{os.environ['PATH']}",
        )
        done = subprocess.run(["/bin/sh", "-c", task.run], env=environment, stdout=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            sys.exit(f"{task.name}, node {rank}: {done.returncode}")


def main():
    folder, path = pathlib.Path(sys.argv[1]), sys.argv[2]
    (file,) = folder.glob("*.yaml")
    head, *documents = list(yaml.safe_load_all(file.read_text(encoding="utf-8")))
    assert set(head) == {"name"}, "a pipeline begins with its name alone"
    nodes = 0
    for document in documents:
        common_utils.validate_schema(document, schemas.get_task_schema(), "Invalid task YAML: ")
        task = sky_task.Task.from_yaml_config(copy.deepcopy(document))
        assert task.run == document["run"] and task.num_nodes == document["num_nodes"]
        (resources,) = task.resources
        assert resources.accelerators == {"H100": 1}, resources.accelerators
        run(task, path)
        nodes += task.num_nodes
    print(json.dumps({"tasks": len(documents), "nodes": nodes}))


if __name__ == "__main__":
    main()
