"""The danger lexicon, the words said when it speaks, and how a message is made plain before it is read."""
