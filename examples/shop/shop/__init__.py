"""A small web shop made of many processes: an application to observe, to break and to mend."""
