"""API tokens: who may call the JSON API, as what, and in which environment."""
