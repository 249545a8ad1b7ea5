"""The stages composed: the library's verbs."""
