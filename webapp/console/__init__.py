"""The web console: server-rendered pages that work without JavaScript, for people who change where calls go."""
