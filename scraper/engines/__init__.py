"""The engines: one module each, one table that names them."""
