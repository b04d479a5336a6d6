"""Random sequences of everything that can happen to executions, in virtual time, and what must hold after each."""
