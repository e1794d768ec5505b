"""Open causal root-cause analysis for Kubernetes."""

__version__ = "0.1.0"
