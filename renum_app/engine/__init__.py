"""How a team works: plans, strategies and the orchestrator that carries them out."""
