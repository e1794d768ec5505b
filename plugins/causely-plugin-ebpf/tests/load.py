"""Load over HTTP at a steady rate, as a process of its own: prints how many, p50 and p95 as JSON.

usage: load.py PORT PATH RATE SECONDS
"""

import http.client
import json
import sys
import threading
import time

THREADS = 4


def send(port, path, rate, until, took):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    due = time.monotonic()
    while due < until:
        time.sleep(max(due - time.monotonic(), 0.0))
        begun = time.perf_counter()
        connection.request("GET", path)
        connection.getresponse().read()
        took.append(time.perf_counter() - begun)
        due += 1.0 / rate


def main():
    port, path, rate, seconds = int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), float(sys.argv[4])
    took, until = [], time.monotonic() + seconds
    threads = [threading.Thread(target=send, args=(port, path, rate / THREADS, until, took)) for _ in range(THREADS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    took.sort()
    print(json.dumps({"count": len(took), "p50": took[len(took) // 2], "p95": took[len(took) * 95 // 100]}))


if __name__ == "__main__":
    main()
