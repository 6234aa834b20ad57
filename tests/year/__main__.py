"""`python -m tests.year --appointments 1000 --seed 1`: one simulated year, judged; exit code 1 on a finding.

The municipality is as many districts as there are processors, each with its own share of the appointments in a
process of its own. The database of each is SQLite in memory: it begins empty and is gone afterwards.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from tests.year.district import live

_MOST_SHOWN = 40


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.year")
    parser.add_argument("--appointments", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--districts", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--mutants", nargs="*", default=(), help="put defects in: the year must find them (mutants.py)")
    asked = parser.parse_args(arguments)
    shares = [
        # Together they have all of them; no two years have a district in common.
        (
            (asked.appointments + number) // asked.districts,
            asked.seed * asked.districts + number,
            tuple(asked.mutants),
        )
        for number in range(asked.districts)
    ]
    with ProcessPoolExecutor(asked.districts, mp_context=multiprocessing.get_context("spawn")) as pool:
        found = list(pool.map(live, *zip(*shares, strict=True)))
    counts: Counter[str] = Counter()
    for each in found:
        # Not by "+", which leaves out what did not happen.
        counts.update(each.counts)
    findings = [finding for each in found for finding in each.findings]
    print(f"{'districts':22} {len(found)}")
    for name, count in counts.items():
        print(f"{name:22} {count}")
    print(f"{'seconds':22} {max(each.seconds for each in found):.1f}")
    print(f"{'of processor time':22} {sum(each.cpu for each in found):.1f}")
    print(f"{'findings':22} {len(findings)}")
    for finding in findings[:_MOST_SHOWN]:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
