#!/usr/bin/env python3
"""Documents a second that FluxCore stores in an Elasticsearch 8 on the same processors; run by bin/bench --elasticsearch.

DOCUMENTS (500000) of six fields from the generator, ids made of one of them, a checkpoint every second, one shard without replicas, 1 GB
of memory for the server. From when a fifth of them are stored until 95 % are, as the index counts; ROUNDS (2). In the end the
index must hold each document once. The limit in the same run: the same bulk requests, made before and sent by two threads that
do nothing else.
"""
import http.client
import json
import os
import sys
import threading
import time

from programs import JAVA, ROOT, Program, fluxcore_run, free_port, measure

DOCUMENTS = int(os.environ.get("DOCUMENTS", 500_000))
ROUNDS = int(os.environ.get("ROUNDS", 2))
BATCH = 1000

JOB = """
job:
  name: %(index)s
  parallelism: 1
  checkpointInterval: 1s
  deliveryGuarantee: exactly-once
topology:
  - name: orders
    source:
      connector: generator
      count: %(documents)d
      fields:
        id: sequence
        orderedAt: time
        customer: {kind: zipf, keys: 50000, exponent: 1.1, prefix: customer-}
        country: {kind: choice, values: {DE: 60, FR: 30, AT: 10}}
        amount: {kind: uniform, min: 0.01, max: 999.99, type: "decimal(8,2)"}
        paid: {kind: uniform, min: 0, max: 1, type: double}
  - name: documents
    sink: {connector: elasticsearch, hosts: "http://127.0.0.1:%(port)d", index: %(index)s, idFields: id}
"""


def ask(port, method, path, body=None, kind="application/json"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, {"Content-Type": kind} if body else {})
        response = connection.getresponse()
        text = response.read()
        if response.status >= 300:
            sys.exit(f"elasticsearch: {method} {path}: {response.status} {text[:500]}")
        return json.loads(text)
    finally:
        connection.close()


def start():
    home = os.path.join(ROOT, "test-servers/elasticsearch-8/target/servers/elasticsearch-8")
    port = free_port()
    server = Program("elasticsearch", [
        JAVA, "-Xms1g", "-Xmx1g", "-Djava.io.tmpdir=" + Program.folder, "-Des.path.home=" + home,
        "-Dorg.elasticsearch.nativeaccess.enableVectorLibrary=false", "--module-path", home + "/lib", "--add-modules=jdk.net",
        "--add-modules=ALL-MODULE-PATH", os.path.join(ROOT, "test-servers/elasticsearch-8/src/launcher/Launcher.java"), home,
        home + "/config", os.path.join(Program.folder, "data"), str(port), str(free_port())]).keep_output()
    server.await_port(port)
    ask(port, "GET", "/_cluster/health?wait_for_status=yellow&timeout=60s")
    return server, port


def index(port, name):
    ask(port, "PUT", "/" + name, json.dumps({"settings": {"number_of_shards": 1, "number_of_replicas": 0}, "mappings": {"properties": {
        "id": {"type": "long"}, "orderedAt": {"type": "date"}, "customer": {"type": "keyword"}, "country": {"type": "keyword"},
        "amount": {"type": "double"}, "paid": {"type": "double"}}}}))


def stored(port, name):
    return ask(port, "GET", f"/{name}/_stats/indexing")["_all"]["primaries"]["indexing"]["index_total"]


def watch(port, name, programs):
    """Documents a second, and seconds of processor time a second of each program."""
    marks = []
    for share in (0.2, 0.95):
        while stored(port, name) < share * DOCUMENTS:
            for program in programs:
                if program.process.poll() not in (None, 0):
                    sys.exit(f"elasticsearch: {program.name} has failed: see {Program.folder}")
            time.sleep(0.05)
        marks.append((time.monotonic(), stored(port, name), [program.cpu() for program in programs]))
    (t0, n0, c0), (t1, n1, c1) = marks
    return {"documents_s": round((n1 - n0) / (t1 - t0)),
            "cores": {p.name.split("-")[0]: round((b - a) / (t1 - t0), 2) for p, a, b in zip(programs, c0, c1)}}


def finish(port, name):
    until = time.monotonic() + 120
    count = -1
    while count != DOCUMENTS and time.monotonic() < until:
        time.sleep(0.2)
        ask(port, "POST", f"/{name}/_refresh")
        count = ask(port, "GET", f"/{name}/_count")["count"]
    return {"there": count, "stored": stored(port, name)}


def fluxcore(server, port, name):
    index(port, name)
    job = fluxcore_run("fluxcore-" + name, JOB % {"index": name, "documents": DOCUMENTS, "port": port}, "512m")
    result = {"writer": "fluxcore", **watch(port, name, [job, server]), **finish(port, name)}
    job.process.wait()
    return result


def limit(server, port, name):
    index(port, name)
    requests = []
    for first in range(0, DOCUMENTS, BATCH):
        lines = []
        for i in range(first, min(first + BATCH, DOCUMENTS)):
            lines.append('{"index":{"_id":"%d"}}' % i)
            lines.append('{"id":%d,"orderedAt":"2026-01-01T00:00:00.%03dZ","customer":"customer-%d","country":"%s","amount":%d.%02d,"paid":0.%d}'
                         % (i, i % 1000, i * 7919 % 50000, ("DE", "FR", "AT")[i % 3], i % 1000, i % 100, i * 104729 % 1000003))
        requests.append(("\n".join(lines) + "\n").encode())

    def send(part):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for body in part:
            connection.request("POST", f"/{name}/_bulk?filter_path=errors", body, {"Content-Type": "application/x-ndjson"})
            answer = connection.getresponse().read()
            if b"true" in answer:
                sys.exit("elasticsearch: the server refuses documents")

    for part in (requests[0::2], requests[1::2]):
        threading.Thread(target=send, args=(part,), daemon=True).start()
    return {"writer": "limit", **watch(port, name, [server]), **finish(port, name)}


def main():
    server, port = start()
    for round_ in range(ROUNDS):
        for writer in (limit, fluxcore):
            result = writer(server, port, f"{writer.__name__}-{round_}")
            print(json.dumps(result), flush=True)
            if result["there"] != DOCUMENTS:
                sys.exit(f"elasticsearch: there are {result['there']} documents of {DOCUMENTS}")


if __name__ == "__main__":
    measure("elasticsearch", main)
