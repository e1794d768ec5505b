"""What processes wait for, what the kernel does to them, and where they are busy."""
