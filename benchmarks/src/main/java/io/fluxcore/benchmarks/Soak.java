package io.fluxcore.benchmarks;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.diagnosis.WindowDiagnosis;
import io.fluxcore.boot.FluxCore;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.pattern.Pattern;
import io.fluxcore.domain.pattern.PatternLimits;
import io.fluxcore.domain.pattern.PatternRule;
import io.fluxcore.domain.time.WatermarkStrategy;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.PatternConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.WindowConfig;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a long run and a large state need of the heap; {@code bin/soak} calls it.
 *
 * <p>{@code keys N} holds N groups in one window, each touched three times, and prints what the
 * heap held after a collection when all were there. {@code steady MINUTES} runs sliding windows
 * with checkpoints at a fixed rate, prints each minute what the old generation held after a full
 * collection, and fails if that grew over the last three quarters. {@code partials SECONDS} gives
 * events to a pattern of which each makes two of every partial match of its key, and fails if there
 * are ever more of them than the limits say, or the heap grows after the limits have been reached.
 * All fail if a result is wrong.
 */
public final class Soak {
  private static final int PARALLELISM = 2;
  private static final int PASSES = 3;
  private static final long MIB = 1L << 20;
  private static final long STEADY_RATE = 200_000;
  private static final long STEADY_KEYS = 100_000;
  private static final Duration STEADY_SIZE = Duration.ofSeconds(60);
  private static final Duration STEADY_SLIDE = Duration.ofSeconds(10);
  private static final double GROWTH_ALLOWED = 0.05;
  private static final long PARTIAL_KEYS = 300;
  private static final long PARTIAL_RATE = 500;

  private static final Schema SCHEMA =
      Schema.builder()
          .field(ScrambledKeys.KEY, DataType.LONG)
          .field(ScrambledKeys.AMOUNT, DataType.LONG)
          .build();

  private final PrintStream out;
  private final FluxCoreService service = FluxCore.embedded().service();
  private final LongAdder rows = new LongAdder();
  private final LongAdder counted = new LongAdder();
  private final LongAdder summed = new LongAdder();

  private Soak(PrintStream out) {
    this.out = out;
  }

  public static void main(String[] args) throws InterruptedException {
    if (args.length != 2) {
      System.err.println("soak: give 'keys N', 'steady MINUTES' or 'partials SECONDS'");
      System.exit(2);
    }
    Soak soak = new Soak(System.out);
    boolean passed =
        switch (args[0]) {
          case "keys" -> soak.keys(Long.parseLong(args[1]));
          case "steady" -> soak.steady(Long.parseLong(args[1]));
          case "partials" -> soak.partials(Long.parseLong(args[1]));
          default ->
              throw new IllegalArgumentException(
                  "'" + args[0] + "' is none of keys, steady and partials");
        };
    System.exit(passed ? 0 : 1);
  }

  private boolean keys(long keys) throws InterruptedException {
    long events = Math.multiplyExact(keys, PASSES);
    LongAdder held = new LongAdder();
    StreamTopology topology =
        StreamTopology.builder()
            .source("events", source(events, () -> new HeldAtTheEnd(keys, events, held)))
            .window("window", WindowConfig.tumbling().withDuration(Duration.ofHours(1)).build())
            .aggregate("per-key", perKey())
            .sink("results", SinkConfig.custom(sink()).build())
            .build();
    long start = System.nanoTime();
    JobStatus status = run(topology, null);
    double seconds = (System.nanoTime() - start) / 1e9;
    boolean right =
        status == JobStatus.FINISHED
            && rows.sum() == keys
            && counted.sum() == events
            && summed.sum() == keys * PASSES * (PASSES - 1) / 2;
    out.printf(
        "%,d keys in a window, %,d events: heap after a collection with all of them %,d MiB of %,d"
            + " MiB; %.1f s with firing; results %s%n",
        keys,
        events,
        held.sum() / MIB,
        Runtime.getRuntime().maxMemory() / MIB,
        seconds,
        right ? "right" : "WRONG (" + status + ", " + rows.sum() + " rows)");
    return right;
  }

  /** Collects garbage and looks at the heap when the first split has given its last event. */
  private static final class HeldAtTheEnd implements RowGenerator {
    private final ScrambledKeys keys;
    private final long last;
    private final LongAdder held;

    HeldAtTheEnd(long keys, long events, LongAdder held) {
      // All events in one second, so in one window.
      this.keys = new ScrambledKeys(keys, events, () -> Long.MAX_VALUE);
      this.last = (events + PARALLELISM - 1) / PARALLELISM;
      this.held = held;
    }

    @Override
    public void fill(long first, long step, int count, GeneratedColumns target) {
      keys.fill(first, step, count, target);
    }

    @Override
    public void progress(int subtask, long emitted) {
      if (subtask == 0 && emitted == last) {
        System.gc();
        held.add(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
      }
    }
  }

  private boolean steady(long minutes) throws InterruptedException {
    long start = System.nanoTime();
    long events = TimeUnit.MINUTES.toSeconds(minutes) * STEADY_RATE;
    LongSupplier due = () -> (long) ((System.nanoTime() - start) / 1e9 * STEADY_RATE);
    StreamTopology topology =
        StreamTopology.builder()
            .source(
                "events", source(events, () -> new ScrambledKeys(STEADY_KEYS, STEADY_RATE, due)))
            .window(
                "window",
                WindowConfig.sliding().withDuration(STEADY_SIZE).withSlide(STEADY_SLIDE).build())
            .aggregate("per-key", perKey())
            .sink("results", SinkConfig.custom(sink()).build())
            .build();
    List<Double> mebibytes = new ArrayList<>();
    out.println("minute  old generation after a collection, MiB  events/s  results");
    Thread sampler = new Thread(() -> sample(minutes, mebibytes), "sampler");
    sampler.start();
    JobStatus status = run(topology, Duration.ofSeconds(10));
    sampler.join();
    long windows = STEADY_SIZE.dividedBy(STEADY_SLIDE);
    boolean right = status == JobStatus.FINISHED && counted.sum() == events * windows;
    double growth = growth(mebibytes.subList(mebibytes.size() / 4, mebibytes.size()));
    out.printf(
        "over the last three quarters the old generation grew by %.1f %%; results %s%n",
        growth * 100, right ? "right" : "WRONG (" + status + ", " + counted.sum() + " counted)");
    return right && growth <= GROWTH_ALLOWED;
  }

  private void sample(long minutes, List<Double> mebibytes) {
    try {
      for (long minute = 1; minute < minutes; minute++) {
        TimeUnit.MINUTES.sleep(1);
        System.gc();
        double old = oldGeneration() / (double) MIB;
        mebibytes.add(old);
        double rate =
            service.listJobs().stream()
                .mapToDouble(job -> service.getMetrics(job.id()).rowsInPerSecond())
                .sum();
        out.printf("%6d  %42.1f  %,8.0f  %,d%n", minute, old, rate, rows.sum());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long oldGeneration() {
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      String name = pool.getName();
      if (pool.getType() == MemoryType.HEAP && (name.contains("Old") || name.contains("Tenured"))) {
        return pool.getCollectionUsage().getUsed();
      }
    }
    throw new IllegalStateException(
        "this collector has no old generation; use G1, Parallel or Serial");
  }

  /**
   * How much the last third of the samples is above the first, as a share of it. Medians, since a
   * collection that comes while a checkpoint is made finds it on the heap as well; what is never
   * let go is in every sample.
   */
  static double growth(List<Double> samples) {
    int third = samples.size() / 3;
    if (third == 0) {
      return 0;
    }
    double first = median(samples.subList(0, third));
    return median(samples.subList(samples.size() - third, samples.size())) / first - 1;
  }

  private static double median(List<Double> samples) {
    List<Double> sorted = samples.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** Nothing but the limits holds the partial matches: no event ends one, and no time. */
  private boolean partials(long seconds) throws InterruptedException {
    long start = System.nanoTime();
    LongSupplier due = () -> (long) ((System.nanoTime() - start) / 1e9 * PARTIAL_RATE);
    Pattern explosive =
        Pattern.begin("x")
            .oneOrMore()
            .allowCombinations()
            .followedByAny("y")
            .where(ScrambledKeys.AMOUNT + " < 0");
    List<Partials> samples = new ArrayList<>();
    StreamTopology topology =
        StreamTopology.builder()
            .source(
                "events",
                source(
                    seconds * PARTIAL_RATE,
                    () -> new ScrambledKeys(PARTIAL_KEYS, PARTIAL_RATE, due)))
            .pattern(
                "combinations",
                PatternConfig.patterns()
                    .withRule(new PatternRule("explosive", explosive))
                    .withKey(ScrambledKeys.KEY)
                    .withLimits(PatternLimits.DEFAULT)
                    .build())
            .sink(
                "results",
                SinkConfig.custom(new ResultSink(() -> this::addMatches, () -> {})).build())
            .build();
    out.println("partial matches  heap after a collection, MiB");
    Thread sampler = new Thread(() -> watch(seconds, samples), "sampler");
    sampler.start();
    JobStatus status = run(topology, null);
    sampler.join();
    long cap = PARALLELISM * PatternLimits.DEFAULT.total();
    List<Double> atCap =
        samples.stream().filter(s -> s.matches() == cap).map(Partials::mebibytes).toList();
    boolean held = samples.stream().allMatch(s -> s.matches() <= cap) && atCap.size() >= 3;
    boolean right = status == JobStatus.FINISHED && rows.sum() == 0;
    double growth = growth(atCap);
    out.printf(
        "limit %,d partial matches %s; with so many the heap grew by %.1f %%; results %s%n",
        cap,
        held ? "held" : "NOT HELD OR NOT REACHED",
        growth * 100,
        right ? "right" : "WRONG (" + status + ", " + rows.sum() + " matches)");
    return held && right && growth <= GROWTH_ALLOWED;
  }

  private void addMatches(EventBatch batch) {
    rows.add(batch.size());
  }

  /** Partial matches at a time, and the heap after a collection then. */
  private record Partials(long matches, double mebibytes) {}

  /** Looks at both every second, while there are events. */
  private void watch(long seconds, List<Partials> samples) {
    try {
      for (long second = 1; second < seconds; second++) {
        TimeUnit.SECONDS.sleep(1);
        long matches =
            service.listJobs().stream()
                .flatMap(job -> service.diagnose(job.id()).windows().stream())
                .mapToLong(WindowDiagnosis::pendingWindows)
                .sum();
        System.gc();
        double used =
            ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / (double) MIB;
        samples.add(new Partials(matches, used));
        out.printf("%,15d  %28.1f%n", matches, used);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static SourceConfig source(long events, Supplier<RowGenerator> rows) {
    return SourceConfig.custom(new GeneratedSource(SCHEMA, events, PARALLELISM, rows))
        .withWatermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ofSeconds(1)))
        .build();
  }

  private static AggregateConfig perKey() {
    return AggregateConfig.builder()
        .count()
        .sum(ScrambledKeys.AMOUNT)
        .withGroupBy(ScrambledKeys.KEY)
        .build();
  }

  private ResultSink sink() {
    return new ResultSink(() -> this::add, () -> {});
  }

  private void add(EventBatch batch) {
    long[] counts = ((LongColumn) batch.column("count")).values();
    long[] sums = ((LongColumn) batch.column("sum_amount")).values();
    long count = 0;
    long sum = 0;
    for (int i = 0; i < batch.size(); i++) {
      count += counts[batch.row(i)];
      sum += sums[batch.row(i)];
    }
    rows.add(batch.size());
    counted.add(count);
    summed.add(sum);
  }

  private JobStatus run(StreamTopology topology, @Nullable Duration checkpoints)
      throws InterruptedException {
    JobConfig.Builder job = JobConfig.builder().name("soak").parallelism(PARALLELISM);
    if (checkpoints != null) {
      job.checkpointInterval(checkpoints);
    }
    JobId id = service.submitJob(topology, job.build());
    JobStatus status = service.awaitEnd(id, Duration.ofDays(1));
    if (status != JobStatus.FINISHED) {
      out.println(service.getJob(id));
    }
    return status;
  }
}
