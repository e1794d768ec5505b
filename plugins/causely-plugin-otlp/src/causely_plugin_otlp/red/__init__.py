"""Requests, errors and durations: recorded one by one, reduced with numpy at each flush."""
