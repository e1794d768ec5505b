"""Holds connections to itself until its input ends; on half of them a request is asked, over HTTP.

usage: holding.py NUMBER
"""

import resource
import socket
import sys

ASK = b"GET /held HTTP/1.1\r\nHost: held\r\n\r\n"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def main():
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    held = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        for number in range(int(sys.argv[1])):
            asking = socket.create_connection(server.getsockname())
            answering, _ = server.accept()
            held += asking, answering
            if number % 2:
                asking.sendall(ASK)
                answering.recv(4096)
                answering.sendall(ANSWER)
                asking.recv(4096)
        print("held", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
