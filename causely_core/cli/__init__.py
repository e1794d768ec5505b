"""The command line: click commands only, one file a command; the work is done below."""
