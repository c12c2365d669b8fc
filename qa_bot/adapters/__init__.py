"""The heavy libraries, each imported in one module of this package and nowhere else."""
