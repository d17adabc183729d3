"""Says how likely a given text is to a model folder, by transformers, as servers do that know `echo`.

    echo_server.py FOLDER [--texts [--bos TOKEN [--adds-bos]]]

Prints its URL when it listens. It takes the numbers of tokens and lists every token and the one drawn behind
them, as vLLM does; with --texts it takes texts alone and lists them as llama-cpp-python 0.3.36 does: without
the token BOS wherever it stands where a text begins with it, and else with the numbers of the neighbours.
With --adds-bos it puts BOS before every text, whatever it begins with.
"""

import argparse
import http.server
import json

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--texts", action="store_true")
parser.add_argument("--bos")
parser.add_argument("--adds-bos", action="store_true")
options = parser.parse_args()
tokenizer = AutoTokenizer.from_pretrained(options.folder)
model = AutoModelForCausalLM.from_pretrained(
    options.folder, dtype=torch.float32, attn_implementation="eager").eval()
bos = tokenizer.convert_tokens_to_ids(options.bos) if options.bos else None


def tokens_of(prompt):
    if not options.texts:
        return prompt
    ids = tokenizer.encode(prompt, add_special_tokens=False)
    return [bos] + ids if options.adds_bos else ids


def listed(prompt, drawn, rows):
    """Pairs of a token and its log-probability, the first without one."""
    if not options.texts:
        pairs = list(zip(prompt + drawn, [None] + [row for row in rows]))
    else:
        shown = prompt[prompt[0] == bos:] + drawn
        pairs = [(token, row) for token, row in zip(shown, rows) if token != bos]
    return [(token, None if index == 0 else float(row[token]))
            for index, (token, row) in enumerate(pairs)]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(200, {"data": [{"id": "model"}]})

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if isinstance(asked["prompt"], str) != options.texts:
            return self.answer(422, {"error": {"message": "prompt: is of another type"}})
        prompt = tokens_of(asked["prompt"])
        with torch.no_grad():
            rows = torch.log_softmax(model(torch.tensor([prompt])).logits[0].double(), dim=-1)
        drawn = [int(rows[-1].argmax())]
        pairs = listed(prompt, drawn, rows)
        names = [tokenizer.decode([token]) for token, _ in pairs]
        if options.texts:
            special = set(tokenizer.all_special_tokens) | set(tokenizer.get_added_vocab())
            names = ["" if name in special else name for name in names]
        self.answer(200, {
            "model": "model",
            "choices": [{"index": 0, "text": "", "finish_reason": "length", "logprobs": {
                "tokens": names, "token_logprobs": [value for _, value in pairs]}}],
            "usage": {"prompt_tokens": len(prompt), "completion_tokens": len(drawn)}})

    def answer(self, status, tree):
        body = json.dumps(tree).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(f"http://127.0.0.1:{server.server_address[1]}/v1", flush=True)
server.serve_forever()
