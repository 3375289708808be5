"""JSON API v1: a table of endpoints from which the routes, the roles and the OpenAPI document are made."""
