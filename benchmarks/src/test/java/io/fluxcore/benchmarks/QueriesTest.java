package io.fluxcore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.connector.Source;
import io.fluxcore.boot.FluxCore;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.topology.StreamTopology;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every benchmark query runs once, small, and gives what its definition says. */
class QueriesTest {
  private static final long EVENTS = 20_000;
  private static final long START = 1_700_000_100_000L;
  private static final Duration SIZE = Duration.ofSeconds(10);
  private static final Duration GAP = Duration.ofMillis(1500);
  private static final Duration SLIDE = Duration.ofSeconds(2);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void filter_keepsEvery123rdAuction_andConvertsThePrice(int parallelism) throws Exception {
    List<String> expected = new ArrayList<>();
    for (long i = 0; i < EVENTS; i++) {
      if (kind(i) == Queries.BID && auction(i) % 123 == 0) {
        expected.add(auction(i) + " " + price(i) * 0.908);
      }
    }
    List<String> results =
        run(Queries.NEXMARK, Queries::filter, parallelism, List.of("auction", "price"));

    assertThat(results).isNotEmpty().containsExactlyInAnyOrderElementsOf(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void tumbling_countsSumsAndFindsTheMaximum(int parallelism) throws Exception {
    Map<String, long[]> groups = new TreeMap<>();
    for (long i = 0; i < EVENTS; i++) {
      if (kind(i) == Queries.BID) {
        long end = Math.floorDiv(time(i), SIZE.toMillis()) * SIZE.toMillis() + SIZE.toMillis();
        long[] group =
            groups.computeIfAbsent(
                auction(i) + " " + Instant.ofEpochMilli(end), k -> new long[] {0, 0, 0});
        group[0]++;
        group[1] += price(i);
        group[2] = Math.max(group[2], price(i));
      }
    }
    List<String> expected = new ArrayList<>();
    groups.forEach((key, g) -> expected.add(key + " " + g[0] + " " + g[1] + " " + g[2]));

    assertThat(
            run(
                Queries.NEXMARK,
                (source, sink) -> Queries.tumbling(source, sink, SIZE),
                parallelism,
                List.of("auction", "window_end", "count", "sum_price", "max_price")))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void sliding_putsEachBidIntoFiveWindows(int parallelism) throws Exception {
    Map<String, Long> counts = new TreeMap<>();
    for (long i = 0; i < EVENTS; i++) {
      if (kind(i) == Queries.BID) {
        count(counts, Long.toString(auction(i)), time(i));
      }
    }
    assertThat(
            run(
                Queries.NEXMARK,
                (source, sink) -> Queries.sliding(source, sink, SIZE, SLIDE),
                parallelism,
                List.of("auction", "window_end", "count")))
        .containsExactlyInAnyOrderElementsOf(lines(counts));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void session_countsBidsThatFollowEachOther(int parallelism) throws Exception {
    Map<Long, List<Long>> times = new TreeMap<>();
    for (long i = 0; i < EVENTS; i++) {
      if (kind(i) == Queries.BID) {
        times.computeIfAbsent(bidder(i), k -> new ArrayList<>()).add(time(i));
      }
    }
    List<String> expected = new ArrayList<>();
    times.forEach(
        (bidder, all) -> {
          Collections.sort(all);
          int from = 0;
          for (int i = 1; i <= all.size(); i++) {
            if (i == all.size() || all.get(i) - all.get(i - 1) > GAP.toMillis()) {
              Instant start = Instant.ofEpochMilli(all.get(from));
              Instant end = Instant.ofEpochMilli(all.get(i - 1)).plus(GAP);
              expected.add(bidder + " " + start + " " + end + " " + (i - from));
              from = i;
            }
          }
        });
    assertThat(expected).hasSizeGreaterThan(2 * times.size());

    assertThat(
            run(
                Queries.NEXMARK,
                (source, sink) -> Queries.session(source, sink, GAP),
                parallelism,
                List.of("bidder", "window_start", "window_end", "count")))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void importantEvents_areCountedPerType(int parallelism) throws Exception {
    Map<String, Long> counts = new TreeMap<>();
    for (long i = 0; i < EVENTS; i++) {
      if (importance(i) > 5) {
        count(counts, type(i), time(i));
      }
    }
    assertThat(
            run(
                Queries.TYPED_EVENTS,
                (source, sink) -> Queries.importantEvents(source, sink, SIZE, SLIDE),
                parallelism,
                List.of("eventType", "window_end", "count")))
        .containsExactlyInAnyOrderElementsOf(lines(counts));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void topPrices_keepsTheTenHighestOfEachAuction(int parallelism) throws Exception {
    Map<Long, List<Long>> prices = new TreeMap<>();
    for (long i = 0; i < EVENTS; i++) {
      if (kind(i) == Queries.BID) {
        prices.computeIfAbsent(auction(i), k -> new ArrayList<>()).add(price(i));
      }
    }
    assertThat(prices.values()).anyMatch(all -> all.size() > 10).anyMatch(all -> all.size() < 10);
    List<String> expected = new ArrayList<>();
    prices.forEach(
        (auction, all) ->
            all.stream()
                .sorted(Comparator.reverseOrder())
                .limit(10)
                .forEach(price -> expected.add(auction + " " + price)));

    assertThat(
            table(
                run(
                    Queries.NEXMARK,
                    Queries::topPrices,
                    parallelism,
                    List.of("auction", "price"),
                    true)))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void auctionsOfSellers_findsEachPair_whicheverComesFirst(int parallelism) throws Exception {
    Map<Long, Long> persons = new TreeMap<>();
    for (long i = 0; i < EVENTS; i++) {
      if (kind(i) == Queries.PERSON) {
        persons.put(id(i), i);
      }
    }
    List<String> expected = new ArrayList<>();
    boolean sellerFirst = false;
    boolean auctionFirst = false;
    for (long i = 0; i < EVENTS; i++) {
      Long person = kind(i) == Queries.AUCTION ? persons.get(seller(i)) : null;
      if (person != null) {
        expected.add(seller(i) + " " + name(person) + " " + id(i));
        sellerFirst |= person < i;
        auctionFirst |= person > i;
      }
    }
    assertThat(sellerFirst && auctionFirst).isTrue();

    assertThat(
            run(
                Queries.NEXMARK,
                Queries::auctionsOfSellers,
                parallelism,
                List.of("id", "name", "right_id")))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void bidsOfAuctions_findsEachPair_whicheverComesFirst(int parallelism) throws Exception {
    Map<Long, Long> sellers = new TreeMap<>();
    for (long i = 0; i < EVENTS; i++) {
      if (kind(i) == Queries.AUCTION) {
        sellers.put(id(i), seller(i));
      }
    }
    List<String> expected = new ArrayList<>();
    for (long i = 0; i < EVENTS; i++) {
      if (kind(i) == Queries.BID && sellers.containsKey(auction(i))) {
        expected.add(auction(i) + " " + price(i) + " " + sellers.get(auction(i)));
      }
    }
    assertThat(expected).hasSizeGreaterThan(1000);

    assertThat(
            run(
                Queries.NEXMARK,
                Queries::bidsOfAuctions,
                parallelism,
                List.of("auction", "price", "right_seller")))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  /** What is left of rows that begin with their kinds. */
  private static List<String> table(List<String> changes) {
    Map<String, Integer> counts = new TreeMap<>();
    for (String change : changes) {
      counts.merge(change.substring(2), change.startsWith("+") ? 1 : -1, Integer::sum);
    }
    List<String> rows = new ArrayList<>();
    counts.forEach((row, count) -> rows.addAll(Collections.nCopies(count, row)));
    return rows;
  }

  private static void count(Map<String, Long> counts, String key, long time) {
    long last = Math.floorDiv(time, SLIDE.toMillis()) * SLIDE.toMillis();
    for (long start = last; start > time - SIZE.toMillis(); start -= SLIDE.toMillis()) {
      counts.merge(key + " " + Instant.ofEpochMilli(start + SIZE.toMillis()), 1L, Long::sum);
    }
  }

  private static List<String> lines(Map<String, Long> counts) {
    return counts.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList();
  }

  private static List<String> run(
      Schema schema,
      BiFunction<Source, ResultSink, StreamTopology> query,
      int parallelism,
      List<String> fields)
      throws InterruptedException {
    return run(schema, query, parallelism, fields, false);
  }

  /**
   * Results of a query.
   *
   * @param withKinds whether each begins with its kind
   */
  private static List<String> run(
      Schema schema,
      BiFunction<Source, ResultSink, StreamTopology> query,
      int parallelism,
      List<String> fields,
      boolean withKinds)
      throws InterruptedException {
    List<String> rows = Collections.synchronizedList(new ArrayList<>());
    Source source = new GeneratedSource(schema, EVENTS, parallelism, () -> QueriesTest::fill);
    ResultSink sink =
        new ResultSink(() -> batch -> collect(batch, fields, withKinds, rows), () -> {});
    FluxCoreService service = FluxCore.embedded().service();
    JobId id =
        service.submitJob(
            query.apply(source, sink),
            JobConfig.builder().name("query").parallelism(parallelism).build());

    assertThat(service.awaitEnd(id, Duration.ofMinutes(2))).isEqualTo(JobStatus.FINISHED);
    return rows;
  }

  private static void collect(
      EventBatch batch, List<String> fields, boolean withKinds, List<String> rows) {
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      String text =
          String.join(
              " ",
              fields.stream().map(name -> String.valueOf(batch.column(name).get(row))).toList());
      rows.add(withKinds ? batch.rowKind(row).sign() + text : text);
    }
  }

  // A small stream of the benchmark's shape: each event a pure function of its index.

  private static long mix(long index, int salt) {
    long z = (index + 1) * 0x9E3779B97F4A7C15L + salt * 0xD1B54A32D192ED03L;
    z = (z ^ (z >>> 32)) * 0xD6E8FEB86659FD93L;
    return (z ^ (z >>> 32)) >>> 1;
  }

  private static long kind(long i) {
    return i % 50 == 0 ? Queries.PERSON : i % 50 < 4 ? Queries.AUCTION : Queries.BID;
  }

  private static long auction(long i) {
    return kind(i) == Queries.BID ? 1000 + i / 200 + mix(i, 1) % 50 : 0;
  }

  /** One of 300, of whom each rests for a while now and then. */
  private static long bidder(long i) {
    return kind(i) == Queries.BID ? (i / 2000 % 3) * 100 + mix(i, 7) % 100 : 0;
  }

  private static long price(long i) {
    return kind(i) == Queries.BID ? mix(i, 2) % 1_000_000 : 0;
  }

  /** Of a person its number, of an auction one from where bids find it, now and then later. */
  private static long id(long i) {
    return switch ((int) kind(i)) {
      case (int) Queries.PERSON -> i / 50;
      case (int) Queries.AUCTION -> 1000 + i / 50 * 3 + i % 50 - 1;
      default -> 0;
    };
  }

  /** A person of about the same time, who may yet come or never does. */
  private static long seller(long i) {
    return kind(i) == Queries.AUCTION ? Math.max(0, i / 50 - 5 + mix(i, 8) % 10) : 0;
  }

  private static String name(long i) {
    return kind(i) == Queries.PERSON ? "person " + mix(i, 9) % 1000 : null;
  }

  private static long importance(long i) {
    return mix(i, 3) % 10;
  }

  private static String type(long i) {
    return "event-type-" + mix(i, 4) % 20;
  }

  /** 500 events a second, a tenth of them up to 999 ms late. */
  private static long time(long i) {
    long due = START + i * 2;
    return mix(i, 5) % 10 == 0 ? due - mix(i, 6) % 1000 : due;
  }

  private static void fill(long first, long step, int rows, GeneratedColumns target) {
    for (int row = 0; row < rows; row++) {
      long i = first + row * step;
      target.timestamps()[row] = time(i);
      set(target.longs("kind"), row, kind(i));
      set(target.longs("auction"), row, auction(i));
      set(target.longs("bidder"), row, bidder(i));
      set(target.longs("price"), row, price(i));
      set(target.longs("importance"), row, importance(i));
      set(target.longs("id"), row, id(i));
      set(target.longs("seller"), row, seller(i));
      set(target.longs("reserve"), row, price(i));
      String[] names = target.strings("name");
      if (names != null) {
        names[row] = name(i);
      }
      String[] types = target.strings("eventType");
      if (types != null) {
        types[row] = type(i);
      }
    }
  }

  private static void set(long[] column, int row, long value) {
    if (column != null) {
      column[row] = value;
    }
  }
}
