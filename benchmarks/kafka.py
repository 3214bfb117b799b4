#!/usr/bin/env python3
"""Kafka to Kafka, exactly once, on FluxCore, Flink and Kafka Streams in interleaved runs; run by bin/bench --kafka.

200-byte JSON events of 1,000 users on 4 partitions -> status < 400 -> how many in the last 10 s, every second, by user -> Kafka;
parallelism 2, a checkpoint or commit every second. The broker, the load and the meter run on the same processors.

Rate: EVENTS (20000000) are there before the job starts; from when a quarter of the results are written until 95 % of them are. CPU is the
engine's process alone, in the same time. Then all results are read as a reader of committed messages sees them.
Delay: events are written at the times that they bear, PACE a second (default: half the engine's own rate, at most MOST_PACE), for
SECONDS (45); how long after the end of its window each result can be read, committed ones and those still in a transaction.
ROUNDS (2), ENGINES ("fluxcore flink streams") and HEAP (2g) shape it too.
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PEERS = os.path.join(ROOT, "benchmarks/target/kafka/target")
JAVA = os.path.join(os.environ["JAVA_HOME"], "bin/java") if os.environ.get("JAVA_HOME") else "java"
EVENTS = int(os.environ.get("EVENTS", 20_000_000))
ROUNDS = int(os.environ.get("ROUNDS", 2))
SECONDS = int(os.environ.get("SECONDS", 45))
PACE = int(os.environ.get("PACE", 0))
MOST_PACE = int(os.environ.get("MOST_PACE", 400_000))
HEAP = os.environ.get("HEAP", "2g")
ENGINES = os.environ.get("ENGINES", "fluxcore flink streams").split()
PER_MILLI = 200  # as Load has it
TICKS = os.sysconf("SC_CLK_TCK")

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


def say(text):
    print(text, file=sys.stderr, flush=True)


class Program:
    """A process that is ended with this one."""

    all = []

    def __init__(self, name, command, env=None):
        self.log = open(os.path.join(FOLDER, name + ".log"), "ab")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, stdin=subprocess.DEVNULL, text=True,
                                        env={**os.environ, **(env or {})}, start_new_session=True)
        Program.all.append(self)

    def lines(self):
        """Each line of JSON that it prints."""
        for line in self.process.stdout:
            if line.startswith("{"):
                yield json.loads(line)

    def keep_output(self):
        threading.Thread(target=lambda: [self.log.write(line.encode()) for line in self.process.stdout], daemon=True).start()
        return self

    def cpu(self):
        """Seconds of processor time of it and its children."""
        ticks = 0
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/stat") as f:
                    fields = f.read().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[3]) == self.process.pid:  # its session
                ticks += int(fields[11]) + int(fields[12])
        return ticks / TICKS

    def end(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()

    @staticmethod
    def end_all():
        for program in Program.all:
            program.end()


def peer(name, *arguments, heap="1g"):
    return Program(name, [JAVA, "-Xmx" + heap, "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp",
                          f"{PEERS}/kafka-1.jar:{PEERS}/lib/*", *map(str, arguments)])


def engine(name, out, prefix, quick):
    if name == "fluxcore":
        job = os.path.join(FOLDER, prefix + ".yaml")
        with open(job, "w") as f:
            f.write(JOB % {"prefix": prefix, "broker": BROKER, "topic": TOPIC[quick], "out": out})
        return Program(prefix, [os.path.join(ROOT, "bin/fluxcore"), "run", job], {
            "FLUXCORE_NO_BUILD": "yes", "FLUXCORE_JAVA_OPTS": f"-Xmx{HEAP}"}).keep_output()
    # Watermarks and buffers of Flink are quick where delay is measured, and as they come where the rate is.
    more = (["10", "5"] if quick else ["200", "100"]) if name == "flink" else []
    main = {"flink": "peers.kafka.FlinkOnKafka", "streams": "peers.kafka.StreamsOnKafka"}[name]
    return peer(prefix, main, BROKER, TOPIC[quick], out, prefix, *more, heap=HEAP).keep_output()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start_broker():
    port, controller = free_port(), free_port()
    jars = os.path.join(ROOT, "test-servers/kafka/target/servers/kafka")
    properties = os.path.join(FOLDER, "server.properties")
    with open(properties, "w") as f:
        f.write(f"""process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={FOLDER}/data
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
    until = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return f"127.0.0.1:{port}", broker, jars
        except OSError:
            if broker.process.poll() is not None or time.monotonic() > until:
                sys.exit("kafka: the broker does not start: see " + FOLDER)
            time.sleep(0.2)


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
        sys.exit(f"kafka: {name} gave no results: see the logs in {FOLDER}")
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
    time.sleep(12)  # it starts; the first third of the time is not counted either
    meters = {isolation: peer(out + isolation, "peers.kafka.Meter", "delay", BROKER, out, SECONDS, isolation)
              for isolation in ("read_uncommitted", "read_committed")}
    load = peer(out + "-load", "peers.kafka.Load", "pace", BROKER, TOPIC[True], pace, SECONDS)
    result = {"engine": name, "pace": pace, **{k: list(m.lines())[-1] for k, m in meters.items()}}
    result["load"] = next(iter(load.lines()), None)
    running.end()
    return result


def stop(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # so that a second one does not end the tidying up
    sys.exit(143)


def main():
    global TOPIC
    TOPIC = {False: topic("events", 4)}
    say(f"writing {EVENTS} events")
    began = time.monotonic()
    if peer("fill", "peers.kafka.Load", "fill", BROKER, TOPIC[False], EVENTS, BASE).process.wait() != 0:
        sys.exit("kafka: the events cannot be written: see " + FOLDER)
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
    FOLDER = tempfile.mkdtemp(prefix="fluxcore-kafka")
    signal.signal(signal.SIGTERM, stop)
    done = False
    try:
        # An hour ago: brokers refuse times that are far ahead.
        BASE = (int(time.time()) - 3600 - EVENTS // PER_MILLI // 1000) * 1000
        BROKER, BROKER_PROGRAM, JARS = start_broker()
        main()
        done = True
    finally:
        Program.end_all()
        shutil.rmtree(FOLDER if done else os.path.join(FOLDER, "data"), ignore_errors=True)
        if not done:
            say("logs: " + FOLDER)
