"""A class name in, image files out."""
