#!/usr/bin/env python3
"""Kafka to Kafka, exactly once, on FluxCore, Flink and Kafka Streams in interleaved runs; run by bin/bench --kafka.

200-byte JSON events of 1,000 users on 4 partitions -> status < 400 -> how many in the last 10 s, every second, by user -> Kafka;
parallelism 2, a checkpoint or commit every second. The broker, the load and the meter run on the same processors.

Rate: EVENTS (20000000) are there before the job starts; from when a quarter of the results are written until 95 % of them are. CPU is the
engine's process alone, in the same time. Then all results are read as a reader of committed messages sees them.
Delay: events are written at the times that they bear, PACE a second (default: half the engine's own rate, at most MOST_PACE), for
SECONDS (90); how long after the end of its window each result can be read, committed ones and those still in a transaction,
without the first half of the time, in which five virtual machines compile what they run.
ROUNDS (2), ENGINES ("fluxcore flink streams") and HEAP (2g) shape it too.
"""
import json
import os
import subprocess
import sys
import threading
import time

from programs import JAVA, ROOT, Program, fluxcore_run, free_port, measure, say

PEERS = os.path.join(ROOT, "benchmarks/target/kafka/target")
EVENTS = int(os.environ.get("EVENTS", 20_000_000))
ROUNDS = int(os.environ.get("ROUNDS", 2))
SECONDS = int(os.environ.get("SECONDS", 90))
PACE = int(os.environ.get("PACE", 0))
MOST_PACE = int(os.environ.get("MOST_PACE", 250_000))
HEAP = os.environ.get("HEAP", "2g")
ENGINES = os.environ.get("ENGINES", "fluxcore flink streams").split()
PER_MILLI = 200  # as Load has it

JOB = """
job:
  name: %(prefix)s
  parallelism: 2
  checkpointInterval: 1s
  deliveryGuarantee: exactly-once
topology:
  - name: events
    source:
      connector: kafka
      bootstrapServers: "%(broker)s"
      topic: %(topic)s
      schema: {user: string, status: long, at: timestamp_tz}
      timestampField: at
      maxOutOfOrderness: 0s
  - name: succeeded
    filter: status < 400
  - name: recent
    window: {sliding: {duration: 10s, slide: 1s}}
  - name: counts
    aggregate: {groupBy: user, fields: {n: count}}
  - name: out
    sink: {connector: kafka, bootstrapServers: "%(broker)s", topic: %(out)s, keyFields: user, transactionTimeout: 10m}
"""


def peer(name, *arguments, heap="1g"):
    return Program(name, [JAVA, "-Xmx" + heap, "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp",
                          f"{PEERS}/kafka-1.jar:{PEERS}/lib/*", *map(str, arguments)])


def engine(name, out, prefix, quick):
    if name == "fluxcore":
        return fluxcore_run(prefix, JOB % {"prefix": prefix, "broker": BROKER, "topic": TOPIC[quick], "out": out}, HEAP)
    # Watermarks and buffers of Flink are quick where delay is measured, and as they come where the rate is.
    more = (["10", "5"] if quick else ["200", "100"]) if name == "flink" else []
    main = {"flink": "peers.kafka.FlinkOnKafka", "streams": "peers.kafka.StreamsOnKafka"}[name]
    return peer(prefix, main, BROKER, TOPIC[quick], out, prefix, *more, heap=HEAP).keep_output()


def start_broker():
    port, controller = free_port(), free_port()
    jars = os.path.join(ROOT, "test-servers/kafka/target/servers/kafka")
    properties = os.path.join(Program.folder, "server.properties")
    with open(properties, "w") as f:
        f.write(f"""process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={Program.folder}/data
log.retention.ms=-1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
""")
    subprocess.run([JAVA, "-cp", jars + "/*", "kafka.tools.StorageTool", "format", "--cluster-id", "4L6g3nShT-eMCtK--X86sw",
                    "--config", properties], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    broker = Program("broker", [JAVA, "-Xmx1g", "-cp", jars + "/*", "kafka.Kafka", properties]).keep_output()
    broker.await_port(port)
    return f"127.0.0.1:{port}", broker, jars


def topic(name, partitions):
    subprocess.run([JAVA, "-cp", JARS + "/*", "org.apache.kafka.tools.TopicCommand", "--bootstrap-server", BROKER, "--create",
                    "--topic", name, "--partitions", str(partitions), "--replication-factor", "1"],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return name


def rate(name, round_):
    """Events a second, and what the results were."""
    out = topic(f"rate-{name}-{round_}", 2)
    # The windows that end while there are events on all partitions.
    end = BASE + EVENTS // PER_MILLI // 1000 * 1000 - 1000
    meter = peer(out + "-meter", "peers.kafka.Meter", "count", BROKER, out, BASE, end, "read_uncommitted")
    running = engine(name, out, out, False)
    marks, last = [], None
    watch(running, meter)
    for line in meter.lines():
        if "share" in line:
            marks.append((time.monotonic(), running.cpu(), BROKER_PROGRAM.cpu(), line["share"]))
        else:
            last = line
    if last is None:
        sys.exit(f"kafka: {name} gave no results: see the logs in {Program.folder}")
    committed = list(peer(out + "-committed", "peers.kafka.Meter", "count", BROKER, out, BASE, end, "read_committed").lines())[-1]
    running.end()
    (t0, c0, b0, s0), (t1, c1, b1, s1) = marks
    events = EVENTS * (s1 - s0)
    return {"engine": name, "events_s": round(events / (t1 - t0)), "events_core_s": round(events / (c1 - c0)),
            "cores": round((c1 - c0) / (t1 - t0), 2), "broker_cores": round((b1 - b0) / (t1 - t0), 2), "uncommitted": last, "committed": committed}


def watch(running, meter):
    """Ends the meter when what it measures has ended."""
    def wait():
        running.process.wait()
        meter.end()
    threading.Thread(target=wait, daemon=True).start()


def delay(name, round_, pace):
    """How long after the end of its window a result came."""
    TOPIC[True] = topic(f"paced-{name}-{round_}", 4)
    out = topic(f"delay-{name}-{round_}", 2)
    running = engine(name, out, out, True)
    time.sleep(12)  # it starts
    meters = {isolation: peer(out + isolation, "peers.kafka.Meter", "delay", BROKER, out, SECONDS, isolation)
              for isolation in ("read_uncommitted", "read_committed")}
    load = peer(out + "-load", "peers.kafka.Load", "pace", BROKER, TOPIC[True], pace, SECONDS)
    result = {"engine": name, "pace": pace, **{k: list(m.lines())[-1] for k, m in meters.items()}}
    result["load"] = next(iter(load.lines()), None)
    running.end()
    return result


def main():
    global BASE, BROKER, BROKER_PROGRAM, JARS, TOPIC
    # An hour ago: brokers refuse times that are far ahead.
    BASE = (int(time.time()) - 3600 - EVENTS // PER_MILLI // 1000) * 1000
    BROKER, BROKER_PROGRAM, JARS = start_broker()
    TOPIC = {False: topic("events", 4)}
    say(f"writing {EVENTS} events")
    began = time.monotonic()
    if peer("fill", "peers.kafka.Load", "fill", BROKER, TOPIC[False], EVENTS, BASE).process.wait() != 0:
        sys.exit("kafka: the events cannot be written: see " + Program.folder)
    print(json.dumps({"written_s": round(EVENTS / (time.monotonic() - began))}), flush=True)
    rates = {}
    for round_ in range(ROUNDS):
        for name in ENGINES:
            result = rate(name, round_)
            rates.setdefault(name, []).append(result["events_s"])
            print(json.dumps(result), flush=True)
    for round_ in range(ROUNDS):
        for name in ENGINES:
            pace = PACE or min(MOST_PACE, sum(rates[name]) // len(rates[name]) // 2)
            print(json.dumps(delay(name, round_, pace)), flush=True)


if __name__ == "__main__":
    measure("kafka", main)
