"""A real control plane of Kubernetes on loopback."""
