"""A machine within this one: namespaces of its own for network and mounts, which vanish with its last process."""

import subprocess

from .cgroups import ControlGroup

LINK = "causely-e2e"
OUTSIDE, NODE = "10.230.0.1", "10.230.0.2"
PODS, SERVICES = "10.244.0.0/24", "10.96.0.0/16"


class Machine:
    """Programs run in it with :meth:`run`. Outside, its pods and services are reached by a route through it.

    It shares process ids, cgroups and files with the machine around it, as an agent's eBPF needs to name what it sees.
    """

    def __init__(self, folder):
        self.folder = folder
        self.group = ControlGroup(folder.name)
        self._processes = {}

    def start(self):
        self.group.create()
        shared = "mount --make-rshared / && echo up && exec sleep infinity"
        command = ["unshare", "--net", "--mount", "--propagation", "slave", "sh", "-c", shared]
        holder = subprocess.Popen(command, stdout=subprocess.PIPE)
        self._processes["holder"] = holder
        assert holder.stdout.readline() == b"up\n", "no namespaces for network and mounts"
        self._connect(holder.pid)

    def _connect(self, pid):
        _ip("link", "add", LINK, "type", "veth", "peer", "name", "uplink", "netns", str(pid))
        _ip("address", "add", f"{OUTSIDE}/24", "dev", LINK)
        _ip("link", "set", LINK, "up")
        for command in (
            f"ip address add {NODE}/24 dev uplink",
            "ip link set uplink up",
            "ip link set lo up",
            f"ip route add default via {OUTSIDE}",
            "sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.route_localnet=1",
        ):
            self.ask(*command.split())
        for network in (PODS, SERVICES):
            _ip("route", "add", network, "via", NODE)

    def run(self, name, *command):
        """Start a program in it, which writes to NAME.log."""
        enter = ["sh", "-c", f'echo $$ > {self.group.system}/cgroup.procs && exec "$@"', "sh"]
        with (self.folder / f"{name}.log").open("a") as log:
            process = subprocess.Popen(
                [*enter, *self._inside(command)], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self._processes[name] = process

    def ask(self, *command):
        """Run a command in it to its end; what it printed."""
        done = subprocess.run(self._inside(command), capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, f"{' '.join(map(str, command))}: {done.stderr.strip()}"
        return done.stdout

    def check(self):
        """Fail with the last words of a program that has ended."""
        for name, process in self._processes.items():
            if process.poll() is not None:
                raise AssertionError(f"{name} has ended: {(self.folder / f'{name}.log').read_text()[-2000:]}")

    def stop(self):
        """End all that runs in it; links, rules and mounts go with its namespaces."""
        self.group.remove()
        for process in self._processes.values():
            process.kill()
            process.wait(30)

    def _inside(self, command):
        return ["nsenter", f"--target={self._processes['holder'].pid}", "--net", "--mount", "--", *map(str, command)]


def _ip(*words):
    subprocess.run(["ip", *words], check=True)
