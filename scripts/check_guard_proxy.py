"""Tries `askew guard serve` with real clients: openai's, curl and bare sockets, against a server of its own.

    check_guard_proxy.py ASKEW GUARD INPUT_GUARD FOLDER REQUESTS

The guards stop texts with the word "bored". Prints a JSON object of what came out; the test says what has to.
"""

import concurrent.futures
import http.server
import json
import pathlib
import socket
import subprocess
import sys
import threading
import time

import openai

GOOD = "Nothing much, and you? And then? Who are you?"
BAD = "I am bored bored bored bored bored bored bored bored bored bored."
LATE = "Nothing much, and you? " * 6 + BAD
SECRET = "sk-loopback-5c1e77f0d2"
STATE = {"requests": 0, "keys": set(), "bodies": []}
LOCK = threading.Lock()


class Upstream(http.server.BaseHTTPRequestHandler):
    """Answers by the request's seed: what is tried stands in no text that a guard could read."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with LOCK:
            STATE["requests"] += 1
            STATE["keys"].add(self.headers.get("Authorization"))
            STATE["bodies"].append(sorted(body))
        if STATE.get("killed"):
            # Connections that were kept open end with the process, too.
            self.close_connection = True
            return self.connection.shutdown(socket.SHUT_RDWR)
        seed = body.get("seed", 0)
        if seed == 7:
            return self.send(429, {"error": {"message": BAD}}, {"Retry-After": "3"})
        if seed == 6:
            return self.send_bytes(200, b'{"choices": [{"message": {"content": 3}}]}')
        texts = [GOOD, BAD, GOOD] if seed == 2 else [{1: BAD, 8: LATE, 5: LATE}.get(seed, GOOD)]
        if body.get("stream"):
            return self.stream(texts[0], dies=seed == 5)
        choices = [self.choice(i, text, seed) for i, text in enumerate(texts)]
        usage = {"prompt_tokens": 3, "completion_tokens": 5, "total_tokens": 8}
        self.send(
            200,
            {"id": BAD, "object": "chat.completion", "created": 1, "model": BAD, "x": BAD,
             "choices": choices, "usage": usage},
        )

    def choice(self, index, text, seed):
        choice = {"index": index, "message": {"role": "assistant", "content": text, "extra": BAD},
                  "finish_reason": "stop"}
        if seed == 3:
            call = {"id": "call_1", "type": "function",
                    "function": {"name": "say", "arguments": json.dumps({"text": BAD})}}
            choice["message"] |= {"content": None, "tool_calls": [call]}
            choice["finish_reason"] = "tool_calls"
        if seed in (4, 9):
            hidden = (BAD if seed == 4 else GOOD).split(" ")
            shown = text.split(" ")
            choice["logprobs"] = {"content": [
                {"token": a + " ", "logprob": -0.1, "bytes": None,
                 "top_logprobs": [{"token": b + " ", "logprob": -2.0, "bytes": None}]}
                for a, b in zip(shown, hidden)]}
        return choice

    def stream(self, text, dies):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        words = [word + " " for word in text.split(" ")]
        for index, word in enumerate(words):
            if dies and index == 4:
                # As a process that is killed: no end of the stream, no [DONE].
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.event({"index": 0, "delta": {"content": word}, "finish_reason": None})
            time.sleep(0.002)
        self.event({"index": 0, "delta": {}, "finish_reason": "stop"})
        self.wfile.write(b"data: [DONE]\n\n")

    def event(self, choice):
        text = json.dumps({"id": BAD, "object": "chat.completion.chunk", "created": 1, "model": BAD,
                           "choices": [choice]})
        self.wfile.write(f"data: {text}\n\n".encode())
        self.wfile.flush()

    def send(self, status, value, headers=None):
        self.send_bytes(status, json.dumps(value).encode(), headers)

    def send_bytes(self, status, data, headers=None):
        self.send_response(status)
        for name, text in (headers or {}).items():
            self.send_header(name, text)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


class Proxy:
    """A guard that listens, until it is stopped."""

    def __init__(self, askew, guard, upstream, *options):
        command = [askew, "guard", "serve", guard, "--for", f"openai:m@{upstream}", "--listen",
                   "127.0.0.1:0", "--threads", "2", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        self.port = int(self.url.split(":")[2].split("/")[0])
        self.client = openai.OpenAI(base_url=self.url, api_key=SECRET, max_retries=0, timeout=30)

    def ask(self, seed=0, text="What now?", **options):
        return self.client.chat.completions.create(
            model="m", messages=[{"role": "user", "content": text}], seed=seed, **options)

    def said(self, seed=0, **options):
        choice = self.ask(seed, **options).choices[0]
        return [choice.message.content, choice.finish_reason]

    def streamed(self, seed=0):
        text, finish = "", None
        try:
            for chunk in self.ask(seed, stream=True):
                if chunk.choices:
                    text += chunk.choices[0].delta.content or ""
                    finish = chunk.choices[0].finish_reason or finish
        except openai.APIError as error:
            finish = "error: " + str(getattr(error, "code", None))
        return [text.strip(), finish]

    def status(self, call):
        try:
            call()
        except openai.APIStatusError as error:
            body = str(error.body)
            return [error.status_code, "bored" in body or "bored" in str(error)]
        return [200, False]

    def raw(self, data, wait=5):
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait) as connection:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            reply = b""
            try:
                while piece := connection.recv(65536):
                    reply += piece
            except (TimeoutError, ConnectionResetError):
                pass
        return reply.split(b"\r\n")[0].decode(errors="replace")

    def post(self, body, *headers):
        head = ["POST /v1/chat/completions HTTP/1.1", f"Content-Length: {len(body)}",
                "Content-Type: application/json", "Connection: close", *headers]
        if not any(line.startswith("Host:") for line in headers):
            head.append(f"Host: 127.0.0.1:{self.port}")
        return self.raw("\r\n".join(head).encode() + b"\r\n\r\n" + body)

    def curl(self, path, *arguments):
        command = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", f"{self.url}{path}",
                   *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60).stdout

    def stop(self):
        self.process.kill()
        self.process.wait()


def chat(**fields):
    value = {"model": "m", "messages": [{"role": "user", "content": "What now?"}]} | fields
    return json.dumps({name: field for name, field in value.items() if field is not None}).encode()


def hostile(proxy):
    picture = [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]
    cases = {
        "no json": proxy.post(b"{"),
        "deep": proxy.post(b"[" * 100_000),
        "array": proxy.post(b"[]"),
        "twice": proxy.post(b'{"model": "m", "model": "m", "messages": []}'),
        "unknown field": proxy.post(chat(modalities=["audio"])),
        "unknown message field": proxy.post(
            chat(messages=[{"role": "user", "content": "a", "audio": {}}])),
        "picture": proxy.post(chat(messages=picture)),
        "other model": proxy.post(chat(model="n")),
        "no messages": proxy.post(chat(messages=[])),
        "foreign host": proxy.post(chat(), "Host: evil.example"),
        "foreign origin": proxy.post(chat(), "Origin: http://evil.example"),
        "too large": proxy.post(b" " * (9 << 20)),
        "long for the model": proxy.post(
            chat(messages=[{"role": "user", "content": "What now? " * 2000}])),
        "garbage": proxy.raw(b"\x16\x03\x01\x02\x00\x01\x00" * 40),
        "no end": proxy.raw(b"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 50\r\n", 2),
    }
    return cases


def load(proxy, count):
    def one(index):
        seed = index % 2
        text, finish = proxy.said(seed)
        return (text, finish) == ((GOOD, "stop") if seed == 0 else ("", "content_filter"))

    start = time.monotonic()
    before = STATE["requests"]
    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        right = sum(pool.map(one, range(count)))
    return {"right": right, "upstream": STATE["requests"] - before,
            "seconds": time.monotonic() - start}


def places_of_secret(folder):
    found = [str(path) for path in pathlib.Path(folder).rglob("*")
             if path.is_file() and SECRET.encode() in path.read_bytes()]
    for process in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if SECRET.encode() in process.read_bytes():
                found.append(str(process))
        except OSError:
            pass
    return found


def main():
    askew, guard, inputs, folder, count = sys.argv[1:]
    server = Server(("127.0.0.1", 0), Upstream)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    upstream = f"http://127.0.0.1:{server.server_port}/v1"
    log = pathlib.Path(folder) / "proxy.jsonl"
    report, proxies = {}, []

    def proxy(*options):
        proxies.append(Proxy(askew, guard, upstream, *options))
        return proxies[-1]

    try:
        held = proxy("--log", str(log))
        report["plain"] = [held.said(0), held.said(1)]
        report["streamed"] = [held.streamed(0), held.streamed(1)]
        several = held.ask(2, n=3).choices
        report["several"] = [[c.message.content, c.finish_reason] for c in several]
        tool = {"type": "function", "function": {"name": "say", "parameters": {}}}
        called = held.ask(3, tools=[tool]).choices[0]
        report["tools"] = [bool(called.message.tool_calls), called.finish_reason]
        for name, seed in [("alternatives", 4), ("good alternatives", 9)]:
            told = held.ask(seed, logprobs=True, top_logprobs=1).choices[0]
            report[name] = [told.message.content, told.finish_reason, bool(told.logprobs)]
        whole = held.ask(0).model_dump_json()
        report["unread fields"] = "bored" in whole
        report["refused above"] = held.status(lambda: held.ask(7))
        report["unreadable"] = held.status(lambda: held.ask(6))
        report["routes"] = [
            held.curl("/models"), held.curl("/embeddings", "-d", "{}"),
            held.curl("/completions", "-d", "{}"), held.curl("/responses", "-d", "{}"),
            held.curl("/files"), held.curl("/../v1/files"),
            held.curl("/chat/completions", "-d", chat().decode(), "-H",
                      f"Authorization: Bearer {SECRET}"),
        ]
        report["hostile"] = hostile(held)
        report["load"] = load(held, int(count))
        report["after"] = [held.said(0), held.said(1)]

        window = proxy("--stream", "window:4")
        report["window"] = [window.streamed(0), window.streamed(8), window.streamed(5)]
        report["window of several"] = [
            [c.message.content, c.finish_reason] for c in window.ask(2, n=3).choices]
        shown = proxy("--stream", "pass")
        report["pass"] = [shown.streamed(0), shown.streamed(8)]

        shadow_log = pathlib.Path(folder) / "shadow.jsonl"
        shadow = proxy("--mode", "shadow", "--log", str(shadow_log))
        report["shadow"] = [shadow.said(1), shadow.streamed(1)]
        report["shadow log"] = [json.loads(line)["outcome"] for line in shadow_log.open()]

        both = proxy("--input", inputs)
        before = STATE["requests"]
        choice = both.ask(0, text=BAD).choices[0]
        report["input"] = [choice.message.content, choice.finish_reason, STATE["requests"] - before]
        report["good input"] = [*both.said(0, text=GOOD), STATE["requests"] - before]

        lines = log.read_text()
        report["log"] = {"lines": lines.count("\n"), "texts": "bored" in lines or "Nothing" in lines,
                         "hashes": '"hash"' in lines}
        report["keys"] = sorted(str(key) == f"Bearer {SECRET}" for key in STATE["keys"])
        report["secret"] = places_of_secret(folder)
        STATE["killed"] = True
        server.shutdown()
        server.server_close()
        report["killed"] = held.status(lambda: held.ask(0))
        report["killed stream"] = held.status(lambda: held.streamed(0) and held.ask(0, stream=True))
        report["alive"] = held.curl("/models")
    finally:
        for one in proxies:
            one.stop()
    print(json.dumps(report))


main()
