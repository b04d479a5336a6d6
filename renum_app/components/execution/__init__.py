"""The live execution: React parts that share one store per execution, and their Python names."""
