#!/usr/bin/env python3
"""Prints the comparison of one interleaved run: the median of each peer, and FluxCore's ratio to it.

    report.py RESULTS.jsonl      one line of JSON per run, as bin/bench prints it
"""
import collections
import json
import statistics
import sys


def main(path):
    runs = collections.defaultdict(list)
    for line in open(path, encoding="utf-8"):
        line = line.strip()
        if not line.startswith("{"):
            continue
        run = json.loads(line)
        peer = "limit" if run["peer"].startswith("limit") else run["peer"]
        if "evps_core" in run:
            runs[run["query"], peer, run["peer"]].append(run["evps_core"])
    best = {}
    for (query, peer, _), values in runs.items():
        best[query, peer] = max(best.get((query, peer), 0), statistics.median(values))
    queries = list(dict.fromkeys(query for query, _ in best))
    peers = list(dict.fromkeys(peer for _, peer in best))
    print("million events per core-second (median; limit: the better of one and two threads); FluxCore's ratio to each")
    print("query  " + "".join(f"{peer:>12}" for peer in peers) + "   " + "".join(f"{'/' + peer:>12}" for peer in peers if peer != "fluxcore"))
    for query in queries:
        ours = best.get((query, "fluxcore"), 0)
        row = "".join(f"{best.get((query, peer), 0) / 1e6:12.2f}" for peer in peers)
        ratios = "".join(
            f"{ours / best[query, peer]:12.2f}" if best.get((query, peer)) else f"{'-':>12}" for peer in peers if peer != "fluxcore"
        )
        print(f"{query:<7}{row}   {ratios}")


if __name__ == "__main__":
    main(sys.argv[1])
