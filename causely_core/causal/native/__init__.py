"""The one part of the engine that is not Python: walks, what is read off them, and gains, as numpy is slow there."""
