"""Time the same requests on a small and on a large database, in turn, and hold the ratios against the marks."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from multiprocessing.connection import Connection
from statistics import median

from histories.cases import CASES
from histories.worker import Took, work

WARM_UP = 3


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench/scale", description=__doc__)
    parser.add_argument("small", help="URL of a database that bench/history has made")
    parser.add_argument("large", help="URL of another one, on the same engine")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--turns", type=int, default=9, help="of each request in each round")
    parser.add_argument("--only", default="", help="cases with this in their name")
    asked = parser.parse_args(arguments)
    chosen = [number for number, case in enumerate(CASES) if asked.only in case.name]
    pipes = [_start(asked.small, is_small=True), _start(asked.large, is_small=False)]
    for pipe in pipes:
        pipe.recv()
    print(f"{'request':32}{'small':>9}{'large':>9}{'CPU':>7}{'clock':>7}{'mark':>6}")
    missed = [number for number in chosen if not _compared(number, pipes, asked.rounds, asked.turns)]
    return 1 if missed else 0


def _start(url: str, *, is_small: bool) -> Connection:
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=work, args=(url, is_small, there), daemon=True
    )
    process.start()
    there.close()
    return here


def _compared(number: int, pipes: list[Connection], rounds: int, turns: int) -> bool:
    """Whether the case keeps its mark, after a line that says so; the ratio of CPU counts, which is steadier."""
    took: list[list[Took]] = [[], []]
    for pipe in pipes:
        _ask(pipe, number, 0, WARM_UP)
    for at in range(rounds):
        for which in (0, 1) if at % 2 else (1, 0):
            took[which] += _ask(pipes[which], number, at * turns, turns)
    cpu = [median(one.cpu for one in some) for some in took]
    wall = [median(one.wall for one in some) for some in took]
    case, ratio = CASES[number], cpu[1] / cpu[0]
    is_kept = ratio <= case.mark
    print(
        f"{case.name:32}{cpu[0] * 1000:7.2f}ms{cpu[1] * 1000:7.2f}ms{ratio:7.2f}{wall[1] / wall[0]:7.2f}"
        f"{case.mark:6.1f}{'' if is_kept else '  missed'}",
        flush=True,
    )
    return is_kept


def _ask(pipe: Connection, number: int, first: int, turns: int) -> list[Took]:
    pipe.send((number, first, turns))
    answer: list[Took] = pipe.recv()
    return answer


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
