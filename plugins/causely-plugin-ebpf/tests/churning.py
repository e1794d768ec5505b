"""Connections that each ask one thing and are closed, as a process of its own; it stays until its input ends.

usage: churning.py PORT, then a line with a number on its input for each round; answers each with a line
"""

import socket
import sys

REQUEST = b"GET /churn HTTP/1.1\r\nHost: churn\r\nConnection: close\r\n\r\n"


def main():
    port = int(sys.argv[1])
    for line in sys.stdin:
        for _ in range(int(line)):
            with socket.create_connection(("127.0.0.1", port)) as asking:
                asking.sendall(REQUEST)
                while asking.recv(4096):
                    pass
        print("done", flush=True)


if __name__ == "__main__":
    main()
