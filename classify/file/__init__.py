"""One file: a network that plain Keras opens, and what it says of itself.

    save("model.keras", network, card, arrays)      # whole or not at all
    card = read_card("model.keras")                 # at once, no TensorFlow
    model = Classifier.load("model.keras")          # or refused, with the reason
    answers = model.answers(pixels)                 # logits and features; model.probabilities(answers)

assemble          the network between its own resizing and its softmax
save, card, arrays     into the file, and what lies in it besides the network
archive, vocabulary, weights   what is refused before anything is built
network, start, lite   built by Keras, or started in a tenth of a second
"""

from __future__ import annotations

from classify.file.assemble import assemble
from classify.file.classifier import Classifier, read_card
from classify.file.save import save

__all__ = ["Classifier", "assemble", "read_card", "save"]
