"""Figures for leads: which tickets they count, the counting, and how they are drawn."""
