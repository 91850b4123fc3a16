"""Proofs about the rules, made while developing; nothing that serves a family imports this package."""
