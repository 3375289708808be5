"""Redis, and what stands in when it is away: keys, the two clients, the private server, sealed files."""
