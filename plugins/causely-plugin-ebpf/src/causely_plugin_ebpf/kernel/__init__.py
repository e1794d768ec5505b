"""What runs in the kernel, and how it gets there and its findings back."""
