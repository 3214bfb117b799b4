"""Programs that a measurement starts, in a folder of its own; they end with it, however it ends."""
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
JAVA = os.path.join(os.environ["JAVA_HOME"], "bin/java") if os.environ.get("JAVA_HOME") else "java"
TICKS = os.sysconf("SC_CLK_TCK")


def say(text):
    print(text, file=sys.stderr, flush=True)


class Program:
    """A process that is ended with this one."""

    all = []
    folder = None

    def __init__(self, name, command, env=None):
        self.name = name
        self.log = open(os.path.join(Program.folder, name + ".log"), "ab")
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

    def await_port(self, port):
        until = time.monotonic() + 120
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > until:
                    sys.exit(f"{self.name} does not start: see " + Program.folder)
                time.sleep(0.2)

    def end(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


def fluxcore_run(name, job, heap):
    """bin/fluxcore run of a job file's text."""
    path = os.path.join(Program.folder, name + ".yaml")
    with open(path, "w") as f:
        f.write(job)
    return Program(name, [os.path.join(ROOT, "bin/fluxcore"), "run", path], {
        "FLUXCORE_NO_BUILD": "yes", "FLUXCORE_JAVA_OPTS": f"-Xmx{heap}"}).keep_output()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def stop(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # so that a second one does not end the tidying up
    sys.exit(143)


def measure(name, main):
    """Calls main in a new folder, of which the logs stay if it fails."""
    Program.folder = tempfile.mkdtemp(prefix="fluxcore-" + name)
    signal.signal(signal.SIGTERM, stop)
    done = False
    try:
        main()
        done = True
    finally:
        for program in Program.all:
            program.end()
        shutil.rmtree(Program.folder if done else os.path.join(Program.folder, "data"), ignore_errors=True)
        if not done:
            say("logs: " + Program.folder)
