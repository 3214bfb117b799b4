#!/usr/bin/env python3
"""Prints the comparison of one interleaved run: the median of each peer, and FluxCore's ratio to it.

    report.py RESULTS.jsonl            one line of JSON per run, as bin/bench prints it
    report.py --latency RESULTS.jsonl  of runs at a fixed rate
    report.py --nexmark RESULTS.jsonl  of the queries of Nexmark: next to the better of the peer's settings
"""
import collections
import json
import math
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


def nexmark(path):
    runs = collections.defaultdict(list)
    for run in read(path):
        if "evps_core" in run:
            runs[run["p"], run["query"], run["peer"]].append(run)

    def median(p, query, peer, figure):
        values = [run[figure] for run in runs.get((p, query, peer), [])]
        return statistics.median(values) if values else 0

    for p in sorted({p for p, _, _ in runs}):
        queries = list(dict.fromkeys(query for of, query, _ in runs if of == p))
        peers = list(dict.fromkeys(peer for of, _, peer in runs if of == p and peer != "fluxcore"))
        print(f"parallelism {p}: events per core-second (median); times the better setting of the peer; events per second")
        print(f"{'query':<7}" + "".join(f"{peer:>14}" for peer in peers + ["fluxcore"]) + f"{'times':>8}{'peer/s':>12}{'fluxcore/s':>12}")
        ratios = []
        for query in queries:
            figures = [median(p, query, peer, "evps_core") for peer in peers]
            ours = median(p, query, "fluxcore", "evps_core")
            best = max(figures, default=0)
            if best and ours:
                ratios.append(ours / best)
            rates = max((median(p, query, peer, "evps") for peer in peers), default=0), median(p, query, "fluxcore", "evps")
            print(f"{query:<7}" + "".join(f"{value:14,.0f}" for value in figures + [ours])
                  + (f"{ours / best:8.2f}" if best and ours else f"{'-':>8}") + "".join(f"{rate:12,.0f}" for rate in rates))
        if ratios:
            mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
            print(f"geometric mean of {len(ratios)}: {mean:.2f}; the least {min(ratios):.2f}; below 1: {sum(r < 1 for r in ratios)}")


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
    elif sys.argv[1] == "--nexmark":
        nexmark(sys.argv[2])
    else:
        main(sys.argv[1])
