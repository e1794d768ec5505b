"""eBPF: what the kernel sees of processes and their connections."""
