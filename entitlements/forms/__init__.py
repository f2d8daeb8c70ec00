"""The shape of input about plans, customers, contracts and people."""
