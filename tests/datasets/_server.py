"""A server on this machine that hands out one file, and breaks off when told to."""

import http.server
import re
import threading
from contextlib import contextmanager
from types import SimpleNamespace

CONTENT = bytes(range(256)) * 2000  # 512 kB: several chunks


@contextmanager
def serve(content=CONTENT, *, drops=(), ranges=True, length=True, status=200):
    """Serve one file; ``drops`` are bytes after which an answer breaks off."""
    drops = list(drops)
    seen = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked = self.headers.get("Range")
            seen.append(asked)
            if status != 200:
                self.send_error(status)
                return
            first = int(re.match(r"bytes=(\d+)-", asked)[1]) if asked and ranges else 0
            if first >= len(content) > 0 and asked and ranges:
                self.send_error(416)
                return
            self.send_response(206 if asked and ranges else 200)
            if asked and ranges:
                span = f"bytes {first}-{len(content) - 1}/{len(content)}"
                self.send_header("Content-Range", span)
            if length:
                self.send_header("Content-Length", str(len(content) - first))
            self.end_headers()
            rest = content[first:]
            self.wfile.write(rest[: drops.pop(0)] if drops else rest)
            self.close_connection = True

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.01}
    )
    thread.start()
    try:
        port = server.server_address[1]
        yield SimpleNamespace(url=f"http://127.0.0.1:{port}/set.zip", seen=seen)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
