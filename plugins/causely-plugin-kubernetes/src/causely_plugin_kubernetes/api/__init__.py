"""Speaking with the Kubernetes API: all objects of a resource, and what becomes of them."""
