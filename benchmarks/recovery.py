#!/usr/bin/env python3
"""Kills a server whose job has much state in RocksDB, starts it again, and tells how long the job was away.

    recovery.py GIGABYTES   run by bin/bench --recovery, which builds

The job, in a server of its own: numbered events with 24 random numbers each, the largest of which are kept for each of
ever more keys, in one window that never fires. FLUXCORE_JAVA_OPTS are those of the server.
"""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NUMBERS = 24
CHECKPOINT_EVERY_SECONDS = 20
JOB = f"""
job:
  name: recovery
  stateBackend: rocksdb
  parallelism: 2
  checkpointInterval: {CHECKPOINT_EVERY_SECONDS}s
topology:
  - name: numbered
    source:
      connector: generator
      splits: 2
      timestampField: at
      fields:
        id: sequence
        at: time
{chr(10).join(f"        d{i}: {{kind: uniform, min: 0, max: 1, type: double}}" for i in range(NUMBERS))}
  - name: all
    window: {{tumbling: {{duration: 36500d}}}}
  - name: largest
    aggregate:
      groupBy: id
      fields:
{chr(10).join(f"        m{i}: {{max: d{i}}}" for i in range(NUMBERS))}
  - name: out
    sink: {{connector: discard}}
"""


class Server:
    """A server of its own on a data directory."""

    all = []

    def __init__(self, data):
        self.log = open(os.path.join(data, "server.out"), "ab+")
        at = self.log.seek(0, os.SEEK_END)
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [os.path.join(ROOT, "bin", "fluxcore"), "server", "start", "--port", "0", "--data", data],
            stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL, env={**os.environ, "FLUXCORE_NO_BUILD": "yes"})
        Server.all.append(self)
        self.address = None
        while self.address is None:
            found = re.search(rb"listens at (http://\S+)", open(self.log.name, "rb").read()[at:])
            self.address = found and found.group(1).decode()
            if self.process.poll() is not None:
                sys.exit("recovery: the server ended: " + open(self.log.name, encoding="utf-8").read()[-2000:])
            time.sleep(0.02)

    def since_start(self):
        return time.monotonic() - self.started

    def ask(self, path, body=None, kind="application/json"):
        request = urllib.request.Request(self.address + path, data=body, headers={"Content-Type": kind})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read().decode()

    def is_ready(self):
        try:
            return json.loads(self.ask("/actuator/health/readiness"))["status"] == "UP"
        except urllib.error.URLError:
            return False

    def metric(self, name, **labels):
        wanted = [f'{label}="{value}"' for label, value in labels.items()]
        return sum(float(line.rsplit(" ", 1)[1]) for line in self.ask("/actuator/prometheus").splitlines()
                   if line.startswith(name + "{") and all(label in line for label in wanted))

    def state_bytes(self):
        return self.metric("fluxcore_operator_state_bytes")

    def checkpoints(self):
        return json.loads(self.ask("/api/v1/jobs/recovery/checkpoints"))["items"]

    def kill(self):
        self.process.kill()
        self.process.wait()

    @staticmethod
    def kill_all():
        for server in Server.all:
            server.kill()


def say(text):
    print(text, file=sys.stderr, flush=True)


def fill(server, wanted):
    """Waits for that much state and a checkpoint of it; gives what the job had by then."""
    began = time.monotonic()
    while server.state_bytes() < wanted:
        job = json.loads(server.ask("/api/v1/jobs/recovery"))
        if job["state"] != "RUNNING" and time.monotonic() - began > 60:
            sys.exit("recovery: the job does not run: " + json.dumps(job)[:2000])
        say(f"{time.monotonic() - began:4.0f} s: {server.state_bytes() / 1e9:.2f} GB")
        time.sleep(5)
    filled = time.monotonic() - began
    before = {c["id"] for c in server.checkpoints()}
    while not (later := [c for c in server.checkpoints() if c["id"] not in before]):
        time.sleep(0.2)
    return filled, later[0]


def stop(*_):
    """Ends this program, so that no server is left behind; a second signal does not end the tidying up."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(143)


def main(gigabytes):
    data = tempfile.mkdtemp(prefix="fluxcore-recovery")
    signal.signal(signal.SIGTERM, stop)
    try:
        server = Server(data)
        server.ask("/api/v1/jobs", JOB.encode(), "application/yaml")
        filled, last = fill(server, gigabytes * 1e9)
        state = server.state_bytes()
        say(f"killed with {state / 1e9:.2f} GB of state; its last checkpoint: {json.dumps(last)}")
        server.kill()
        server = Server(data)
        while not server.is_ready():
            time.sleep(0.05)
        ready = server.since_start()
        while server.metric("fluxcore_operator_rows_in_total", operator="largest") == 0:
            time.sleep(0.05)
        moving = server.since_start()
        job = json.loads(server.ask("/api/v1/jobs/recovery"))
        print(json.dumps({
            "state_gb": round(state / 1e9, 2), "filled_s": round(filled), "restored_state_gb": round(server.state_bytes() / 1e9, 2),
            "checkpoint": last, "ready_s": round(ready, 1), "first_row_s": round(moving, 1), "job": job["state"]}))
    finally:
        Server.kill_all()
        shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    main(float(sys.argv[1]))
