"""Answers chats on a free port of this machine, which is its first line of output: with a certificate
and its key over https, else over http. Replies are packed for those who can unpack them; the model
`bomb` unpacks to 50 MB.

    chat_server.py [CERTIFICATE KEY]
"""

import gzip
import http.server
import json
import ssl
import sys

BOMB = gzip.compress(b" " * 50_000_000)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer({"data": [{"id": "m"}]})

    def do_POST(self):
        length = int(self.headers["content-length"])
        chat = json.loads(self.rfile.read(length))
        if chat["model"] == "bomb":
            self.send(BOMB, "gzip")
        else:
            words = f"for {self.headers.get('authorization', 'nobody')}"
            self.answer({"choices": [{"message": {"content": words}, "finish_reason": "stop"}]})

    def answer(self, tree):
        body = json.dumps(tree).encode()
        if "gzip" in self.headers.get("accept-encoding", ""):
            self.send(gzip.compress(body), "gzip")
        else:
            self.send(body, "identity")

    def send(self, body, encoding):
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-encoding", encoding)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        """A client that refuses the certificate is no news."""


server = Server(("127.0.0.1", 0), Handler)
if len(sys.argv) > 1:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
