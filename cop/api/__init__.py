"""Bearer tokens and the OpenAPI document."""
