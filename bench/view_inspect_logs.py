"""Writes answers of a store as logs of Inspect, with Inspect's own library: one log a run.

    view_inspect_logs.py STORE FOLDER COUNT
"""

import pathlib
import sqlite3
import sys

from inspect_ai.log import EvalConfig, EvalDataset, EvalLog, EvalResults, EvalSample, EvalSpec, write_eval_log
from inspect_ai.model import ChatMessageAssistant, ChatMessageUser, ModelOutput
from inspect_ai.scorer import Score


def main():
    store, folder, count = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(store)
    runs = [row[0] for row in db.execute("SELECT run FROM answer GROUP BY run HAVING count(*) > 1000")]
    for run in runs:
        samples = []
        query = ("SELECT answer.id, question, sample, prompt, text, aligned, coherent FROM answer "
                 "JOIN verdict ON verdict.answer = answer.id WHERE run = ? LIMIT ?")
        for number, question, sample, prompt, text, aligned, coherent in db.execute(query, (run, count // len(runs))):
            samples.append(EvalSample(
                id=f"{question} {sample}", epoch=1, input=prompt, target="",
                messages=[ChatMessageUser(content=prompt), ChatMessageAssistant(content=text)],
                output=ModelOutput.from_content("model", text),
                scores={"aligned": Score(value=aligned), "coherent": Score(value=coherent)}))
        spec = EvalSpec(
            created="2026-01-01T00:00:00+00:00", task=f"run-{run}", model="askew/model", config=EvalConfig(),
            dataset=EvalDataset(name="answers", samples=len(samples)))
        log = EvalLog(status="success", eval=spec, results=EvalResults(total_samples=len(samples)), samples=samples)
        write_eval_log(log, str(folder / f"run-{run}.eval"))


if __name__ == "__main__":
    main()
