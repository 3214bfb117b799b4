#!/usr/bin/env python3
"""Prints the comparison of one interleaved run: the median of each peer, and FluxCore's ratio to it.

    report.py RESULTS.jsonl            one line of JSON per run, as bin/bench prints it
    report.py --latency RESULTS.jsonl  of runs at a fixed rate
"""
import collections
import json
import statistics
import sys


def read(path):
    lines = (line.strip() for line in open(path, encoding="utf-8"))
    return [json.loads(line) for line in lines if line.startswith("{")]


def latencies(path):
    runs = collections.defaultdict(list)
    for run in read(path):
        runs[run["peer"]].append(run)
    print("milliseconds from when the closing event is due to a result (median of the rounds), and cores used")
    print(f"{'peer':<12}{'p50':>9}{'p99':>9}{'p99.9':>9}{'max':>9}{'cores':>9}")
    for peer, of_peer in runs.items():
        row = [statistics.median(run[f"lat_{name}_ms"] for run in of_peer) for name in ("p50", "p99", "p999", "max")]
        row.append(statistics.median(run["steady_cpu_s"] / run["steady_s"] for run in of_peer))
        print(f"{peer:<12}" + "".join(f"{value:9.2f}" for value in row))


def main(path):
    runs = collections.defaultdict(list)
    for run in read(path):
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
        row = "".join(f"{best.get((query, peer), 0) / 1e6:12.4g}" for peer in peers)
        ratios = "".join(
            f"{ours / best[query, peer]:12.2f}" if best.get((query, peer)) else f"{'-':>12}" for peer in peers if peer != "fluxcore"
        )
        print(f"{query:<7}{row}   {ratios}")


if __name__ == "__main__":
    if sys.argv[1] == "--latency":
        latencies(sys.argv[2])
    else:
        main(sys.argv[1])
