"""The files of a machine that is not there, below a folder."""

from __future__ import annotations

from pathlib import Path

from attrs import define

from causely_core.host import HostRoot, Machine

ID = "0123456789abcdef" * 4
UID = "11111111-2222-3333-4444-555555555555"
PAGE = 4096


@define
class Tree:
    """Writes what a kernel would tell."""

    folder: Path

    @property
    def root(self) -> HostRoot:
        return HostRoot(str(self.folder))

    @property
    def machine(self) -> Machine:
        return Machine.of(self.root, "vm")

    def write(self, path, *lines):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f"{line}\n" for line in lines))

    def link(self, path, target):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.symlink_to(target)

    def process(self, pid, exe, cgroup="0::/", seconds=0, threads=1, pages=(10, 0), **environment):
        """A process that has used so many seconds, with its pages, of which the second number is shared."""
        before = [1, pid, pid, 0, -1, 0, 0, 0, 3, 0, seconds * 100, 0]
        numbers = [*before, 0, 0, 20, 0, threads, 0, pid, 0, 100, 1, 7, 2, 3]
        self.write(f"proc/{pid}/stat", f"{pid} (x) S {' '.join(map(str, numbers))} 0")
        self.write(f"proc/{pid}/statm", f"100 {pages[0]} {pages[1]} 1 0 1 0")
        self.write(f"proc/{pid}/cmdline", f"{exe}\0")
        self.write(f"proc/{pid}/environ", "\0".join(f"{key}={value}" for key, value in environment.items()))
        self.write(f"proc/{pid}/cgroup", cgroup)
        if not (self.folder / f"proc/{pid}/exe").is_symlink():
            self.link(f"proc/{pid}/exe", exe)
            self.link(f"proc/{pid}/ns/net", "net:[1]")

    def listens(self, pid, port):
        """Lets a process listen on a port, and no other process on any."""
        self.link(f"proc/{pid}/fd/3", f"socket:[{pid}]")
        socket = f"   0: 00000000:{port:04X} 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 {pid} 1"
        self.write(f"proc/{pid}/net/tcp", "  sl  local_address", socket)

    def machine_files(self, busy=100, faults=5):
        """What the kernel tells of the machine as a whole."""
        self.write("proc/stat", f"cpu {busy} 0 0 300 100 0 0 0 0 0", f"cpu0 {busy} 0 0 300 100 0 0 0 0 0")
        memory = {"MemTotal": 1000, "MemFree": 200, "MemAvailable": 250, "Buffers": 0, "Cached": 50}
        memory |= dict.fromkeys(("Shmem", "Active", "Inactive"), 0)
        self.write("proc/meminfo", *(f"{name}: {size} kB" for name, size in memory.items()))
        self.write("proc/vmstat", "nr_free_pages 1", f"pgmajfault {faults}")
        self.write("proc/loadavg", "0.20 0.18 0.12 1/80 11206")
        self.write("proc/sys/kernel/pid_max", "400")
        self.write("proc/sys/kernel/threads-max", "160")
        self.write("proc/sys/fs/file-nr", "1234\t0\t9223372036854775807")

    def network(self, packets, dropped, sent, again):
        """What passed the machine's network since it began."""
        loopback = "    lo: 1 1000000 0 99999 0 0 0 0 1 1000000 0 0 0 0 0 0"
        device = f"  eth0: 1 {packets} 0 {dropped} 0 0 0 0 1 {packets} 0 0 0 0 0 0"
        self.write("proc/1/net/dev", "Inter-|   Receive", " face |bytes", loopback, device)
        self.write("proc/1/net/snmp", "Tcp: RtoMin OutSegs RetransSegs", f"Tcp: 200 {sent} {again}")
