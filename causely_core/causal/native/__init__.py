"""The one part of the engine that is not Python: walks, which numpy takes ten times as long for."""
