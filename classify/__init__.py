"""A dataset in, a model out; a picture in, a prediction."""
