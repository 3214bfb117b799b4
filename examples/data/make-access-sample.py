#!/usr/bin/env python3
"""Makes access-sample.log: a made-up web access log with what real ones have in them, the same one every time."""
import random
from datetime import datetime, timedelta, timezone
from pathlib import Path

random.seed(20260101)
START = datetime(2026, 1, 1, 8, 50, tzinfo=timezone.utc)
PAGES = ["/", "/about", "/docs/start", "/docs/windows", "/img/logo.png", "/feed.xml", "/search?q=late+events"]
AGENTS = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0",
    "Mozilla/5.0 (compatible; ExampleBot/2.1; +https://example.org/bot)",
    "curl/8.17.0",
    'odd \\"quoted\\" agent',
]

lines = []
at = START
for i in range(192):
    at += timedelta(seconds=random.choice([1, 2, 5, 20, 60, 90]))
    # Servers write a line when the answer is done: up to 59 seconds after the request that it is stamped with.
    stamp = at - timedelta(seconds=random.choice([0, 0, 0, 1, 7, 30, 59]))
    status = random.choices([200, 304, 301, 404, 500], [70, 12, 5, 10, 3])[0]
    size = "-" if status == 304 else str(random.randint(120, 90_000))
    ip = f"192.0.2.{random.randint(1, 40)}"
    request = f"{random.choice(['GET', 'GET', 'GET', 'POST', 'HEAD'])} {random.choice(PAGES)} HTTP/1.1"
    referer = random.choice(["-", "https://example.com/", "https://example.org/links"])
    lines.append(
        f'{ip} - - [{stamp:%d/%b/%Y:%H:%M:%S +0000}] "{request}" {status} {size} "{referer}" "{random.choice(AGENTS)}"'
    )

bad = [
    "this is no log line",
    '192.0.2.7 - - [01/Jan/2026:09:30:00 +0000] "GET /cut-off HTTP/1.1" 200 51',
    '192.0.2.7 - - [32/Jan/2026:09:30:00 +0000] "GET / HTTP/1.1" 200 512 "-" "curl/8.17.0"',
    '192.0.2.7 - - [01/Jan/2026:09:30:00 +0000] "GET / HTTP/1.1" 200 99999999999999999999 "-" "curl/8.17.0"',
    '192.0.2.7 - - [01/Jan/2026:09:30:00 +0000] "GET / HTTP/1.1" abc 512 "-" "curl/8.17.0"',
]
for number, line in enumerate(bad):
    lines.insert(20 + 25 * number, line)

Path(__file__).with_name("access-sample.log").write_text("\n".join(lines) + "\n", encoding="ascii")
