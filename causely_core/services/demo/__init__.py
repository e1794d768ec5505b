"""The demo: a real application, a real fault, and the root cause that causely names."""
