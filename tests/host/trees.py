"""The files of a machine that is not there, below a folder."""

from __future__ import annotations

from pathlib import Path

from attrs import define

from causely_core.host import HostRoot

ID = "0123456789abcdef" * 4
UID = "11111111-2222-3333-4444-555555555555"


@define
class Tree:
    """Writes what a kernel would tell."""

    folder: Path

    @property
    def root(self) -> HostRoot:
        return HostRoot(str(self.folder))

    def write(self, path: str, content: str | bytes) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())

    def link(self, path: str, target: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        file.symlink_to(target)

    def process(
        self, pid, *command, exe="", parent=1, started=0, cwd="/", cgroup="0::/", net=1, image=7, **environment
    ):
        """A process; its own name is that of its executable."""
        name = (exe or command[0]).rpartition("/")[2][:15]
        self.stat(pid, name, parent=parent, started=started or pid, image=image)
        self.write(f"proc/{pid}/cmdline", "".join(f"{argument}\0" for argument in command))
        self.write(f"proc/{pid}/environ", "".join(f"{key}={value}\0" for key, value in environment.items()))
        self.write(f"proc/{pid}/cgroup", f"{cgroup}\n")
        self.link(f"proc/{pid}/exe", exe or command[0])
        self.link(f"proc/{pid}/cwd", cwd)
        self.link(f"proc/{pid}/ns/net", f"net:[{net}]")

    def stat(self, pid, name, *, parent=1, started=1, state="S", flags=0, image=7):
        before = [parent, pid, pid, 0, -1, flags, 0, 0, 3, 0, 150, 50]
        numbers = [*before, 0, 0, 20, 0, 4, 0, started, 0, 100, 1, image, 2, 3]
        self.write(f"proc/{pid}/stat", f"{pid} ({name}) {state} {' '.join(map(str, numbers))} 0 0\n")

    def sockets(self, pid, *lines):
        head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
        self.write(f"proc/{pid}/net/tcp", head + "".join(f"{line}\n" for line in lines))

    def opens(self, pid, *inodes):
        for at, inode in enumerate(inodes):
            self.link(f"proc/{pid}/fd/{at + 3}", f"socket:[{inode}]")


def tcp(local, inode, remote="00000000:0000", state="0A", at=0):
    return (
        f"{at:4d}: {local} {remote} {state} 00000000:00000000 00:00000000 00000000  1000        0 {inode} 1 "
        "0000000000000000 100 0 0 10 0"
    )
