"""Result pages in the shapes of today, drawn from the world's plan. Nothing in them is copied from a real page."""
