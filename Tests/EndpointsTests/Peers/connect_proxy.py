"""A proxy that knows CONNECT and leads every name to PORT of this machine. It listens on a free port,
its first line of output, and writes the head of each request into JOURNAL, on one line. With LOGIN
(`name:password` in base64) it serves nobody else.

    connect_proxy.py PORT JOURNAL [LOGIN]
"""

import socket
import socketserver
import sys
import threading

PORT, JOURNAL = int(sys.argv[1]), sys.argv[2]
LOGIN = sys.argv[3] if len(sys.argv) > 3 else None


def pump(source, target):
    try:
        while piece := source.recv(65536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        lines = []
        while line := self.rfile.readline().decode().strip():
            lines.append(line)
        with open(JOURNAL, "a") as journal:
            journal.write(" | ".join(lines) + "\n")
        logins = [line.split()[-1] for line in lines
                  if line.lower().startswith("proxy-authorization: basic ")]
        if LOGIN and logins != [LOGIN]:
            self.reply('407 Who is there\r\nproxy-authenticate: Basic realm="test"')
        elif not lines or not lines[0].startswith("CONNECT "):
            self.reply("405 Only CONNECT")
        else:
            with socket.create_connection(("127.0.0.1", PORT)) as target:
                self.reply("200 OK")
                back = threading.Thread(target=pump, args=(target, self.connection), daemon=True)
                back.start()
                pump(self.connection, target)
                back.join()

    def reply(self, text):
        length = "" if text.startswith("200") else "content-length: 0\r\n"
        self.wfile.write(f"HTTP/1.1 {text}\r\n{length}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


server = Server(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
