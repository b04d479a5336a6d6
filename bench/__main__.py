"""`python -m bench [pace] [memory] [streaming] [sqlite] [postgresql]`: what `make bench` runs; nothing named is all."""

import asyncio
import sys
from collections.abc import Iterator

from bench import memory, pace, streaming
from bench.agents import running_agents
from bench.databases import KINDS, database_of, version_of_postgresql
from bench.table import Line, machine, table

MEASURES = ("pace", "memory", "streaming")


def lines(measures: set[str], databases: list[str]) -> Iterator[Line]:
    with running_agents() as agents_url:
        for database in databases:
            with database_of(database) as url:
                if "pace" in measures:
                    yield from asyncio.run(pace.measure(agents_url, url, database))
                if "streaming" in measures:
                    yield from asyncio.run(streaming.measure(url, database))
                if "memory" in measures:
                    yield from memory.measure(agents_url, url, database)


def main(words: set[str]) -> None:
    databases = [kind for kind in KINDS if kind.lower() in words] or list(KINDS)
    print(table(lines(words & set(MEASURES) or set(MEASURES), databases)))
    print(f"\n{machine(version_of_postgresql())}")


if __name__ == "__main__":
    main({word.lower() for word in sys.argv[1:]})
