#!/usr/bin/env python3
"""Writes crawl-sample.ndjson: pages that a crawler has fetched, some of them more than once.

The same seed gives the same file. Hosts are names that are kept for examples.
"""
import json
import random
from datetime import datetime, timedelta, timezone

SEED = 7
PAGES = 600
DOMAINS = [f"{name}.example" for name in (
    "news", "shop", "wiki", "maps", "mail", "blog", "docs", "code", "play", "food", "kids", "jobs", "law", "art")]

random.seed(SEED)
at = datetime(2026, 1, 1, 9, 0, tzinfo=timezone.utc)
fetched = []
for _ in range(PAGES):
    at += timedelta(milliseconds=random.randint(50, 900))
    if fetched and random.random() < 0.15:
        url = random.choice(fetched[-80:])
    else:
        domain = DOMAINS[min(int(random.expovariate(0.35)), len(DOMAINS) - 1)]
        url = f"https://{domain}/page/{random.randint(1, 100_000)}"
        fetched.append(url)
    early = timedelta(milliseconds=random.choice([0, 0, 0, 700, 1500]))
    print(json.dumps({
        "url": url,
        "status": 200 if random.random() < 0.95 else 503,
        "bytes": random.randint(500, 90_000),
        "at": (at - early).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }))
