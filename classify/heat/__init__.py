"""Where a network looked: how much each place of a picture speaks for a name.

seam     a network parted at its last maps, where it still knows places
slopes   what each place of these maps adds to what is said, by TensorFlow's slopes
quick    the same out of a LiteRT form, without TensorFlow
wanted   for which name, against which others

The map times its slope, summed over channels (HiResCAM, Draelos & Carin 2020, arXiv 2011.08891). Where the features
are the means of one map it is Grad-CAM (Selvaraju et al. 2017) to the last digit; behind layers that know places it
tells what the network really summed up, which Grad-CAM's averaged slopes do not.
"""
