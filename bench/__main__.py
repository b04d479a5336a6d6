"""`python -m bench`: what `make bench` runs."""

from bench.engine import run

if __name__ == "__main__":
    run()
