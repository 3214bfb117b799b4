package io.fluxcore.chaos;

import io.fluxcore.chaos.Round.Verdict;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One server that works on one job after the other while it is disturbed. After each disturbance
 * what is committed must be right as far as it goes, and at the end of each job whole.
 */
final class Trial implements AutoCloseable {
  /** Many times what a server takes that has a processor: on a busy machine it shares one. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final int DISTURBANCES_A_LINE = 10;
  private static final long LOOK_NANOS = 500_000;
  private static final long ASK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final Set<String> OVER = Set.of("FINISHED", "FAILED", "CANCELLED", "STOPPED");

  private final Options options;
  private final Outlet outlet;
  private final Path folder;
  private final PrintStream out;
  private final Load load;
  private final SplittableRandom random;
  private final Server server;
  private final @Nullable SmallDisk disk;
  private final Tally tally;
  private @Nullable Round round;
  private @Nullable CheckpointFolder files;
  private int rounds;
  private boolean readOnce;

  // Of the life of the server at hand.
  private @Nullable JsonNode job;
  private long askedNanos;
  private boolean counted;
  private boolean committed;

  /**
   * How much there is to do.
   *
   * @param rows of each job
   * @param rate in a second while it is disturbed; 0 for as many as it can
   */
  record Load(long rows, long rate) {}

  /**
   * A trial; nothing runs yet.
   *
   * @param data directory of the server
   * @param disk that the disturbances are about, or null
   */
  Trial(
      Options options,
      Outlet outlet,
      Path folder,
      Path data,
      @Nullable SmallDisk disk,
      Load load,
      Tally tally,
      PrintStream out)
      throws IOException {
    this.options = options;
    this.outlet = outlet;
    this.folder = folder;
    this.disk = disk;
    this.load = load;
    this.tally = tally;
    this.out = out;
    this.random = new SplittableRandom(options.seed());
    this.server = new Server(data, folder.resolve("server.log"));
  }

  /** Lets these happen, one after the other, and then the job come to its end. */
  void run(List<Disturbance> disturbances) throws IOException, InterruptedException {
    start(load.rate());
    begin();
    for (Disturbance disturbance : disturbances) {
      while (!disturbance.happenTo(this)) {
        finish();
        begin();
      }
      if (!server.isAlive()) {
        tally.killed(phase());
        check(false);
        start(load.rate());
      } else {
        check(false);
      }
      if (tally.disturbances() % DISTURBANCES_A_LINE == 0) {
        out.printf("  so far %s%n", tally);
      }
    }
    if (!isOver() && load.rate() != 0) {
      awaitRunning();
      if (!isOver()) {
        server.stop();
        start(0);
      }
    }
    finish();
  }

  /** What the server was at when it was killed. */
  private Tally.Phase phase() {
    CheckpointFolder now = files();
    if (!counted) {
      return Tally.Phase.STARTING;
    }
    if (now.hasUncommitted(server.started())) {
      return Tally.Phase.COMMIT;
    }
    return now.hasUnfinished() ? Tally.Phase.SNAPSHOT : Tally.Phase.RUNNING;
  }

  private void start(long rate) throws IOException {
    job = null;
    counted = false;
    committed = false;
    server.start(rate);
  }

  private void begin() throws IOException, InterruptedException {
    String name = "chaos-" + rounds;
    Round next = Round.prepare(name, folder.resolve(name), load.rows(), random.split());
    rounds++;
    round = next;
    readOnce = false;
    job = null;
    // The server begins with it: that is no recovery.
    counted = true;
    committed = true;
    Optional<JsonNode> submitted = Optional.empty();
    long deadline = deadline();
    while (submitted.isEmpty()) {
      requireAlive();
      requireTime(deadline, "it takes no job");
      submitted = server.submit(next.jobFile(options, outlet));
      if (submitted.isEmpty()) {
        TimeUnit.NANOSECONDS.sleep(ASK_NANOS);
      }
    }
    String id = submitted.get().path("id").asString("");
    if (id.isEmpty()) {
      throw new IllegalStateException("the job is not taken: " + submitted.get());
    }
    files = new CheckpointFolder(server.data().resolve("checkpoints").resolve(id), next.output());
  }

  /** Waits for the end of the job; all of its output is there then. */
  private void finish() throws IOException, InterruptedException {
    long deadline = deadline() + PATIENCE.toNanos();
    while (!isOver()) {
      requireAlive();
      requireTime(deadline, "the job does not come to its end");
      TimeUnit.NANOSECONDS.sleep(LOOK_NANOS);
    }
    JsonNode ended = job;
    if (ended == null || !ended.path("state").asString("").equals("FINISHED")) {
      throw new IllegalStateException("the job did not finish: " + story());
    }
    Verdict verdict = check(true);
    tally.finished(verdict);
    out.printf(
        "  %s: expected %,d rows, found %,d, lost %d, duplicate %d, wrong %d%n",
        round().name(),
        verdict.expected(),
        verdict.found(),
        verdict.lost(),
        verdict.duplicate(),
        verdict.wrong());
  }

  /** Compares what is committed; a row that is wrong ends the trial. */
  private Verdict check(boolean whole) throws IOException, InterruptedException {
    Verdict verdict = round().check(outlet, whole);
    if (!verdict.right()) {
      throw new WrongOutputException(
          "after "
              + tally.disturbances()
              + " disturbances, in "
              + round().folder()
              + ": "
              + verdict.text());
    }
    return verdict;
  }

  /** Rows are lost, duplicate or wrong. */
  static final class WrongOutputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongOutputException(String message) {
      super(message);
    }
  }

  private Round round() {
    if (round == null) {
      throw new IllegalStateException("there is no job yet");
    }
    return round;
  }

  // --- For disturbances -------------------------------------------------------------------------

  Server server() {
    return server;
  }

  SmallDisk disk() {
    if (disk == null) {
      throw new IllegalStateException("this trial has no disk of its own");
    }
    return disk;
  }

  CheckpointFolder files() {
    if (files == null) {
      throw new IllegalStateException("there is no job yet");
    }
    return files;
  }

  Tally tally() {
    return tally;
  }

  /** A time between nothing and this. */
  Duration upTo(Duration longest) {
    return Duration.ofNanos(random.nextLong(longest.toNanos()));
  }

  boolean oneIn(int cases) {
    return random.nextInt(cases) == 0;
  }

  /** Starts the server again, after it ended in the midst of a disturbance. */
  void startAgain() throws IOException {
    start(load.rate());
  }

  /** Looks at the job now and then: whether it is over. */
  boolean isOver() throws InterruptedException {
    look();
    JsonNode seen = job;
    return seen != null && OVER.contains(seen.path("state").asString(""));
  }

  private void look() throws InterruptedException {
    long now = System.nanoTime();
    if (now - askedNanos < ASK_NANOS) {
      return;
    }
    askedNanos = now;
    Optional<JsonNode> answer = server.job(round().name());
    if (answer.isPresent()) {
      job = answer.get();
      recovered(answer.get());
    }
  }

  /** Whether the job has run since the server was started. */
  boolean hasRun() {
    return counted;
  }

  private void recovered(JsonNode seen) {
    if (counted && committed) {
      return;
    }
    Optional<Instant> running = first(seen, "STARTED", server.started());
    if (running.isPresent() && !counted) {
      counted = true;
      tally.recovered(Duration.between(server.started(), running.get()));
    }
    Optional<Instant> first = running.flatMap(at -> first(seen, "CHECKPOINTED", at));
    if (first.isPresent() && !committed) {
      committed = true;
      tally.committed(Duration.between(server.started(), first.get()));
    }
  }

  private static Optional<Instant> first(JsonNode job, String type, Instant since) {
    for (JsonNode entry : job.path("history")) {
      Instant at = Instant.parse(entry.path("at").asString());
      if (entry.path("type").asString("").equals(type) && !at.isBefore(since)) {
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }

  /** Waits until the job runs, or is over. */
  void awaitRunning() throws InterruptedException {
    Instant since = server.started();
    await("the job does not run", () -> isSince("STARTED", since));
  }

  /** Waits until a checkpoint was made after a moment, or the job is over. */
  void awaitCheckpoint(Instant since) throws InterruptedException {
    await("no checkpoint is made", () -> isSince("CHECKPOINTED", since));
  }

  private boolean isSince(String type, Instant since) {
    JsonNode seen = job;
    return seen != null && first(seen, type, since).isPresent();
  }

  private void await(String otherwise, BooleanSupplier condition) throws InterruptedException {
    long deadline = deadline();
    while (!isOver() && !condition.getAsBoolean()) {
      requireAlive();
      requireTime(deadline, otherwise);
      TimeUnit.NANOSECONDS.sleep(LOOK_NANOS);
    }
  }

  /**
   * Waits for a moment that lasts a few milliseconds.
   *
   * @return false if the job was over before
   */
  boolean lieInWait(BooleanSupplier moment) throws InterruptedException {
    long deadline = deadline();
    while (!moment.getAsBoolean()) {
      if (isOver()) {
        return false;
      }
      requireAlive();
      requireTime(deadline, "the moment does not come");
      TimeUnit.NANOSECONDS.sleep(LOOK_NANOS);
    }
    return true;
  }

  /** Whether all of the input of the job at hand has been read before, and it was killed then. */
  boolean isReadOnce() {
    return readOnce;
  }

  /**
   * Waits until all input is read.
   *
   * @return false if the job was over before
   */
  boolean lieInWaitForTheEnd() throws InterruptedException {
    long deadline = deadline();
    while (!server.hasReadAll(round().name())) {
      if (isOver()) {
        return false;
      }
      requireAlive();
      requireTime(deadline, "its input does not end");
    }
    readOnce = true;
    return true;
  }

  /**
   * Waits.
   *
   * @return false if the job was over before
   */
  boolean pause(Duration time) throws InterruptedException {
    long until = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < until) {
      if (isOver()) {
        return false;
      }
      TimeUnit.NANOSECONDS.sleep(Math.max(1, Math.min(LOOK_NANOS, until - System.nanoTime())));
    }
    return true;
  }

  private static long deadline() {
    return System.nanoTime() + PATIENCE.toNanos();
  }

  private void requireAlive() {
    if (!server.isAlive()) {
      throw new IllegalStateException("the server ended by itself:\n" + server.lastWords());
    }
  }

  private void requireTime(long deadline, String otherwise) throws InterruptedException {
    if (System.nanoTime() > deadline) {
      server.tellThreads();
      throw new IllegalStateException(
          otherwise + "; seen last: " + story() + "\n" + server.lastWords());
    }
  }

  private String story() {
    JsonNode seen = job;
    if (seen == null) {
      return "nothing";
    }
    StringBuilder story = new StringBuilder(seen.path("state").asString(""));
    for (JsonNode entry : seen.path("history")) {
      story.append("\n  ").append(entry.path("at").asString(""));
      story.append(' ').append(entry.path("description").asString(""));
    }
    return story.toString();
  }

  @Override
  public void close() {
    server.close();
  }
}
