"""The installation that a command works on: this machine's store, or a server elsewhere through its API.

`interface` is what both give: the same plain data, in the shapes of the API.
"""
