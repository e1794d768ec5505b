"""A gRPC server and its client, each a process of its own.

usage: grpc_pair.py serve PORT | ask PORT COUNT: the client asks so many times, every fourth time in vain, and waits.
"""

import sys
from concurrent import futures
from contextlib import suppress

import grpc

METHOD = "/shop.Cart/Get"


class Cart(grpc.GenericRpcHandler):
    def service(self, _):
        return grpc.unary_unary_rpc_method_handler(self.get)

    def get(self, asked, context):
        if asked == b"nothing":
            context.abort(grpc.StatusCode.INTERNAL, "there is nothing")
        return b"cart"


def serve(port):
    server = grpc.server(futures.ThreadPoolExecutor(2), handlers=[Cart()])
    server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    server.wait_for_termination()


def ask(port, count):
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        for number in range(int(count)):
            with suppress(grpc.RpcError):
                channel.unary_unary(METHOD)(b"nothing" if number % 4 == 0 else b"all")
        sys.stdin.read()


if __name__ == "__main__":
    {"serve": serve, "ask": ask}[sys.argv[1]](*sys.argv[2:])
