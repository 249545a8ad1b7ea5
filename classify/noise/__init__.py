"""What is doubtful in a dataset: wrong labels, strangers, and shortcuts that a model would take.

outside  each picture judged by models that never saw it     labels  which labels are wrong
strangers  what belongs to no class     suspect  both, one after the other     traits, shortcuts  what tells the class
"""

from classify.noise.shortcuts import Classes, Shortcut, Value, shortcuts
from classify.noise.suspect import Suspected, suspect
from classify.noise.traits import traits

__all__ = ["Classes", "Shortcut", "Suspected", "Value", "shortcuts", "suspect", "traits"]
