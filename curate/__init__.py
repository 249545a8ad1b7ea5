"""Images in, a clean dataset out."""
