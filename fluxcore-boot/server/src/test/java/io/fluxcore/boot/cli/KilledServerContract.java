package io.fluxcore.boot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a job that writes to another system keeps while FluxCore is killed again and again, and the
 * other system in between: every event is there, and the totals are those that follow from them;
 * each once, where the sink promises that. A sink's test extends it and says how its outside is
 * looked at.
 */
@Timeout(600)
abstract class KilledServerContract {
  private static final int WINDOW_SECONDS = 10;
  private static final long EVENTS = 30_000;
  private static final int RATE = 3_000;
  private static final int KILLS = 4;

  @TempDir private Path folder;
  private RunningServer server;

  /**
   * An event as it was found.
   *
   * @param id from 0
   * @param at its time
   */
  record Event(long id, String shop, long amount, Instant at) {}

  /**
   * A total as it was found.
   *
   * @param windowStart when its window began
   */
  record Total(String shop, Instant windowStart, long n, long total) {}

  /** The sink of events with the fields id, at, shop and amount, as a job file writes it. */
  abstract String eventsSink();

  /** The sink of totals with the fields shop, window_start, window_end, n and total. */
  abstract String totalsSink();

  /** All events that are there, each as often as it is. */
  abstract List<Event> events() throws Exception;

  /** All totals that are there, each as often as it is. */
  abstract List<Total> totals() throws Exception;

  /** How many events are there. */
  abstract long count() throws Exception;

  /** Kills the other system, and starts it again with what it had stored. */
  abstract void killOutside() throws Exception;

  /** Whether each event and total is there once. */
  boolean isOnce() {
    return true;
  }

  @AfterEach
  void end() {
    if (server != null) {
      server.close();
    }
  }

  private String job() {
    return """
    job:
      name: shops
      parallelism: 2
      checkpointInterval: 150ms
      deliveryGuarantee: %s
      restartStrategy: {fixedDelay: {attempts: 100000, delay: 200ms}}
    topology:
      - name: orders
        source:
          connector: generator
          count: %d
          rate: %d
          splits: 2
          step: 20ms
          timestampField: at
          maxOutOfOrderness: 0s
          fields:
            id: sequence
            at: time
            shop: {kind: zipf, keys: 20, prefix: shop-}
            amount: {kind: uniform, min: 1, max: 1000}
      - name: events
        sink: %s
      - name: window
        from: orders
        window:
          tumbling: {duration: %ds}
      - name: perShop
        aggregate:
          groupBy: [shop]
          fields:
            n: count
            total: {sum: amount}
      - name: totals
        sink: %s
    """
        .formatted(
            isOnce() ? "exactly-once" : "at-least-once",
            EVENTS,
            RATE,
            eventsSink(),
            WINDOW_SECONDS,
            totalsSink());
  }

  @Test
  void killedAtRandom_losesNothing_andWritesNothingTwice() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed of the moments: " + seed);
    Random random = new Random(seed);
    Path home = Files.createDirectories(folder.resolve("one"));
    server = RunningServer.start(home);
    server.submit(job());
    int kills = 0;
    while (kills < KILLS && awaitMoreOrAll()) {
      TimeUnit.MILLISECONDS.sleep(random.nextInt(600));
      if (kills % 2 == 1) {
        killOutside();
      }
      server.close();
      kills++;
      server = RunningServer.start(home);
    }
    assertThat(kills).isGreaterThanOrEqualTo(2);
    server.await(
        "shops",
        job -> {
          String state = job.path("state").asString("");
          assertThat(state).as(job.toString()).isNotIn("FAILED", "CANCELLED");
          return state.equals("FINISHED");
        });
    assertAllIsThere();
  }

  /** Whether, after some more events are there, others are to come. */
  private boolean awaitMoreOrAll() throws Exception {
    long before = count();
    while (before < EVENTS && count() <= before) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return count() < EVENTS;
  }

  private void assertAllIsThere() throws Exception {
    Map<Long, Event> byId = new TreeMap<>();
    List<Event> found = events();
    found.forEach(event -> byId.put(event.id(), event));
    assertThat(byId.keySet())
        .containsExactlyElementsOf(LongStream.range(0, EVENTS).boxed().toList());
    Map<String, Total> expected = new TreeMap<>();
    for (Event event : byId.values()) {
      long window = Math.floorDiv(event.at().getEpochSecond(), WINDOW_SECONDS) * WINDOW_SECONDS;
      Instant start = Instant.ofEpochSecond(window);
      expected.merge(
          event.shop() + " " + start,
          new Total(event.shop(), start, 1, event.amount()),
          (a, b) -> new Total(a.shop(), start, a.n() + b.n(), a.total() + b.total()));
    }
    List<Total> totals = totals();
    assertThat(List.copyOf(new HashSet<>(totals)))
        .containsExactlyInAnyOrderElementsOf(expected.values());
    if (isOnce()) {
      assertThat(found).hasSize((int) EVENTS);
      assertThat(totals).hasSize(expected.size());
    }
  }

  /** All elements, for those that need a list. */
  static <T> List<T> list(Iterable<T> elements) {
    List<T> list = new ArrayList<>();
    elements.forEach(list::add);
    return list;
  }
}
