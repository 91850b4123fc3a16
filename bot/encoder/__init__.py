"""The sentence encoder the product ships: what it is, its licences and its figures are in MODEL.md."""
