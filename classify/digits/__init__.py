"""Digits: written by hand, read by a small network of their own.

idx     files as MNIST ships them           ink    what of a drawing is ink
frame   a drawing brought to MNIST's form   warp   a digit in other hands
net     the network                         learn  how it is taught
blank   what is said where nothing is drawn
"""

from classify.digits.frame import SIDE, normalised, read

__all__ = ["SIDE", "normalised", "read"]
