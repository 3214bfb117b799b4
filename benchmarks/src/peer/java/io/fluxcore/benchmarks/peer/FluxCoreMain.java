package io.fluxcore.benchmarks.peer;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.connector.Source;
import io.fluxcore.benchmarks.GeneratedSource;
import io.fluxcore.benchmarks.PatternQueries;
import io.fluxcore.benchmarks.Queries;
import io.fluxcore.benchmarks.ResultSink;
import io.fluxcore.boot.FluxCore;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.topology.StreamTopology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import peers.core.Cfg;
import peers.core.Meter;
import peers.core.Sum;

/**
 * FluxCore in the comparison with its peers: the queries of {@link Queries} through the public API,
 * with the peers' own generator, row sums and meter. Compiled by {@code bin/bench} against the
 * peers' classes.
 */
public final class FluxCoreMain {
  private static final long MICROS_PER_MILLI = 1000;

  /** The pattern queries: one rule, and many. */
  private static final String PATTERN = "P";

  private static final String RULES = "PR";

  /** W over {@link ManyKeys}. */
  private static final String MANY_KEYS = "WK";

  private FluxCoreMain() {}

  public static void main(String[] args) throws Exception {
    int parallelism = Cfg.P;
    Source source = source(parallelism);
    ResultSink sink = new ResultSink(FluxCoreMain::rows, Meter::sinkDone);
    JobConfig.Builder job = JobConfig.builder().name(Cfg.QUERY).parallelism(parallelism);
    if (Cfg.CKPT > 0) {
      job.checkpointInterval(Duration.ofMillis(Cfg.CKPT));
    }
    StateFiles files =
        StateFiles.in(Path.of(System.getProperty("fluxcore.state.rocksdb.directory", "none")));
    FluxCoreService service = FluxCore.embedded().service();
    Meter.begin();
    JobId id = service.submitJob(topology(source, sink), job.build());
    JobStatus status = service.awaitEnd(id, Duration.ofHours(1));
    if (status != JobStatus.FINISHED) {
      throw new IllegalStateException("the job ended as " + status + ": " + service.getJob(id));
    }
    Meter.checkpoints = service.getJob(id).metrics().checkpoints();
    Meter.end("fluxcore", variant(files));
    System.exit(0);
  }

  private static String variant(StateFiles files) throws InterruptedException {
    return switch (Cfg.QUERY) {
      case MANY_KEYS -> files.end();
      case "N", "I", "IB" -> ChangeSum.all();
      default -> "topology";
    };
  }

  private static Source source(int parallelism) {
    return switch (Cfg.QUERY) {
      case PATTERN, RULES ->
          new GeneratedSource(PatternQueries.EVENTS, Cfg.N, parallelism, PatternEvents::new);
      case MANY_KEYS -> new GeneratedSource(Queries.NEXMARK, Cfg.N, parallelism, ManyKeys::new);
      default ->
          Cfg.isSeed()
              ? new GeneratedSource(
                  Queries.TYPED_EVENTS, Cfg.N, parallelism, TypedEventGenerator::new)
              : new GeneratedSource(Queries.NEXMARK, Cfg.N, parallelism, NexmarkGenerator::new);
    };
  }

  private static StreamTopology topology(Source source, ResultSink sink) {
    return switch (Cfg.QUERY) {
      case "F" -> Queries.filter(source, sink);
      case "W", MANY_KEYS -> Queries.tumbling(source, sink, Duration.ofMillis(Cfg.TUMBLE));
      case PATTERN -> PatternQueries.oneRule(source, sink);
      case RULES -> PatternQueries.manyRules(source, sink, PatternEvents.RULES);
      case "S" ->
          Queries.sliding(
              source, sink, Duration.ofMillis(Cfg.SLIDE_SIZE), Duration.ofMillis(Cfg.SLIDE));
      case "U" -> Queries.session(source, sink, Duration.ofMillis(Cfg.GAP));
      case "D" -> Queries.distinct(source, sink, Duration.ofMillis(Cfg.TUMBLE));
      case "J" -> Queries.newSellers(source, sink, Duration.ofMillis(Cfg.TUMBLE));
      case "N" -> Queries.topPrices(source, sink);
      case "I" -> Queries.auctionsOfSellers(source, sink);
      case "IB" -> Queries.bidsOfAuctions(source, sink);
      case "SEED" ->
          Queries.importantEvents(
              source, sink, Duration.ofMillis(Cfg.SEED_SIZE), Duration.ofMillis(Cfg.SEED_SLIDE));
      default -> throw new IllegalArgumentException("FluxCore does not run query " + Cfg.QUERY);
    };
  }

  private static Consumer<EventBatch> rows() {
    Sum sum = new Sum();
    ChangeSum changes = new ChangeSum(sum);
    return switch (Cfg.QUERY) {
      case "F" -> batch -> addConverted(sum, batch);
      case "W", MANY_KEYS -> batch -> addTumbling(sum, batch);
      case PATTERN, RULES -> batch -> addMatches(sum, batch);
      case "S" -> batch -> addSliding(sum, batch);
      case "U" -> batch -> addSession(sum, batch);
      case "D" -> batch -> addText(sum, batch, "channel", "bidders");
      case "J" -> batch -> addSellers(sum, batch);
      case "N" -> batch -> addTopPrices(changes, batch);
      case "I" -> batch -> addSales(changes, batch);
      case "IB" -> batch -> addExpanded(changes, batch);
      default -> batch -> addText(sum, batch, "eventType", "count");
    };
  }

  private static long[] longs(EventBatch batch, String field) {
    return ((LongColumn) batch.column(field)).values();
  }

  private static void addConverted(Sum sum, EventBatch batch) {
    long[] auction = longs(batch, "auction");
    double[] price = ((DoubleColumn) batch.column("price")).values();
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      sum.add(auction[row], Double.doubleToLongBits(price[row]));
    }
  }

  private static void addTumbling(Sum sum, EventBatch batch) {
    long[] end = longs(batch, "window_end");
    long[] auction = longs(batch, "auction");
    long[] count = longs(batch, "count");
    long[] total = longs(batch, "sum_price");
    long[] max = longs(batch, "max_price");
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      sum.addW(end[row] / MICROS_PER_MILLI, auction[row], count[row], total[row], max[row]);
    }
  }

  private static void addMatches(Sum sum, EventBatch batch) {
    long[] key = longs(batch, "key");
    long[] first = longs(batch, "first_id");
    long[] last = longs(batch, "last_id");
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      sum.add(key[row], first[row], last[row]);
    }
  }

  private static void addSliding(Sum sum, EventBatch batch) {
    long[] end = longs(batch, "window_end");
    long[] auction = longs(batch, "auction");
    long[] count = longs(batch, "count");
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      sum.add(end[row] / MICROS_PER_MILLI, auction[row], count[row]);
    }
  }

  private static void addSession(Sum sum, EventBatch batch) {
    long[] start = longs(batch, "window_start");
    long[] end = longs(batch, "window_end");
    long[] bidder = longs(batch, "bidder");
    long[] count = longs(batch, "count");
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      sum.add(
          bidder[row], start[row] / MICROS_PER_MILLI, end[row] / MICROS_PER_MILLI, count[row]);
    }
  }

  private static void addText(Sum sum, EventBatch batch, String key, String number) {
    long[] end = longs(batch, "window_end");
    StringColumn text = (StringColumn) batch.column(key);
    long[] count = longs(batch, number);
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      sum.add(end[row] / MICROS_PER_MILLI, text.hash(row), count[row]);
    }
  }

  private static void addSellers(Sum sum, EventBatch batch) {
    long[] end = longs(batch, "window_end");
    long[] person = longs(batch, "id");
    StringColumn name = (StringColumn) batch.column("name");
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      sum.add(end[row] / MICROS_PER_MILLI, person[row], name.hash(row));
    }
  }

  /** Not the bidder: which of two bids of one price is the tenth is up to their arrival. */
  private static void addTopPrices(ChangeSum sum, EventBatch batch) {
    long[] auction = longs(batch, "auction");
    long[] price = longs(batch, "price");
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      sum.add(batch.rowKind(row).isRetraction(), auction[row], price[row]);
    }
  }

  private static void addSales(ChangeSum sum, EventBatch batch) {
    long[] person = longs(batch, "id");
    StringColumn name = (StringColumn) batch.column("name");
    long[] auction = longs(batch, "right_id");
    long[] reserve = longs(batch, "right_reserve");
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      sum.add(
          batch.rowKind(row).isRetraction(),
          person[row],
          name.hash(row),
          auction[row],
          reserve[row]);
    }
  }

  private static void addExpanded(ChangeSum sum, EventBatch batch) {
    long[] auction = longs(batch, "auction");
    long[] bidder = longs(batch, "bidder");
    long[] price = longs(batch, "price");
    long[] seller = longs(batch, "right_seller");
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      sum.add(
          batch.rowKind(row).isRetraction(), auction[row], bidder[row], price[row], seller[row]);
    }
  }
}
