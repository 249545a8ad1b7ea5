"""The thousand names of ImageNet: what a picture shows, with nothing trained.

names  what the outputs are called     lite  a .tflite file     published  Keras's own networks
"""

from classify.imagenet.thousand import Thousand, thousand

__all__ = ["Thousand", "thousand"]
