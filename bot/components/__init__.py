"""Rasa graph components: how a message is turned into what the actions see (docs/seams.md, "Parse data")."""
