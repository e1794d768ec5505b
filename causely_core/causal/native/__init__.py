"""The one part of the engine that is not Python: walks, which numpy takes five times as long for."""
