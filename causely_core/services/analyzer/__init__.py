"""The analyzer: takes in what mediators send, infers root causes, and answers people and programs."""
