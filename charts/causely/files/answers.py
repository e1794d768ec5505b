"""Whether servers answer: waits a minute for each of the URLs given, http:// or tcp://."""

import socket
import sys
import time
import urllib.parse
import urllib.request


def fault(url: str) -> str:
    """Why there is no answer; empty where there is one."""
    parts = urllib.parse.urlsplit(url)
    try:
        if parts.scheme == "tcp":
            socket.create_connection((parts.hostname, parts.port), 5).close()
        else:
            urllib.request.urlopen(url, timeout=5).close()
    except OSError as problem:
        return str(problem)
    return ""


failed = False
for url in sys.argv[1:]:
    deadline = time.monotonic() + 60
    while (problem := fault(url)) and time.monotonic() < deadline:
        time.sleep(1)
    print(f"{url}: {problem or 'answers'}", flush=True)
    failed = failed or bool(problem)
sys.exit(failed)
