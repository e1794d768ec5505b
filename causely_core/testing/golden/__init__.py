"""Recordings of what a plugin and a real server say to each other, which later tests replay.

Recorded is at the wire: the plugin speaks to a server on loopback, by whatever client it has, over real connections.
vcrpy, pytest-recording, respx and their like put themselves into certain clients instead, in the process of the test;
what they do not know (botocore's own connections, gRPC, a client in a thread or a process) they cannot record, and they
change what is tested.
"""
