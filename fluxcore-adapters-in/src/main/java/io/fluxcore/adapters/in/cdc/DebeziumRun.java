package io.fluxcore.adapters.in.cdc;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.debezium.engine.spi.OffsetCommitPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.OffsetBackingStore;
import org.apache.kafka.connect.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * One run of Debezium, from a position until it ends, fails or is closed, on a thread of its own.
 * What it reads waits in a bounded queue, so that it reads no faster than rows are taken.
 */
final class DebeziumRun implements ChangeRun {
  private static final System.Logger LOG = System.getLogger(DebeziumRun.class.getName());
  private static final String RUN = "offset.storage.run";
  private static final AtomicLong NUMBERS = new AtomicLong();

  /** By their numbers, since Debezium makes the store of positions itself. */
  private static final Map<String, DebeziumRun> RUNS = new ConcurrentHashMap<>();

  private static final int QUEUED = 4096;

  private final DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;
  private final BlockingQueue<RecordChangeEvent<SourceRecord>> queue =
      new ArrayBlockingQueue<>(QUEUED);
  private final Runnable arrived;
  private final String number = Long.toString(NUMBERS.incrementAndGet());
  private final @Nullable String start;
  private final Thread thread;
  private volatile boolean started;
  private volatile @Nullable RecordCommitter<RecordChangeEvent<SourceRecord>> committer;
  private volatile boolean closed;
  private volatile @Nullable End end;

  /**
   * Begins a run.
   *
   * @param offset that it goes on from, as JSON; null: from the beginning
   * @param arrived called when there is something to take, on any thread
   */
  DebeziumRun(Properties properties, @Nullable String offset, Runnable arrived) {
    this.arrived = arrived;
    this.start = offset;
    RUNS.put(number, this);
    Properties all = new Properties();
    all.putAll(properties);
    all.setProperty("offset.storage", Positions.class.getName());
    all.setProperty(RUN, number);
    this.engine =
        DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
            .using(all)
            .using(OffsetCommitPolicy.always())
            .using(
                (DebeziumEngine.CompletionCallback)
                    (success, message, error) -> end = new End(success ? null : message, error))
            .using(
                new DebeziumEngine.ConnectorCallback() {
                  @Override
                  public void taskStarted() {
                    started = true;
                  }
                })
            .notifying(this::take)
            .build();
    this.thread = new Thread(this::run, "cdc-" + properties.getProperty("name"));
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      engine.run();
    } catch (RuntimeException e) {
      end = new End(String.valueOf(e.getMessage()), e);
    } finally {
      RUNS.remove(number);
      if (end == null) {
        end = new End(null, null);
      }
      arrived.run();
    }
  }

  /** On Debezium's thread. */
  private void take(
      List<RecordChangeEvent<SourceRecord>> records,
      RecordCommitter<RecordChangeEvent<SourceRecord>> newCommitter)
      throws InterruptedException {
    committer = newCommitter;
    for (RecordChangeEvent<SourceRecord> one : records) {
      if (closed) {
        return;
      }
      queue.put(one);
      arrived.run();
    }
  }

  @Override
  public @Nullable Change next() {
    RecordChangeEvent<SourceRecord> event = queue.poll();
    return event == null ? null : new DebeziumChange(event);
  }

  @Override
  public @Nullable End end() {
    return queue.isEmpty() ? end : null;
  }

  @Override
  public void confirm(Change change) {
    RecordCommitter<RecordChangeEvent<SourceRecord>> current = committer;
    if (current == null || closed || end != null) {
      return;
    }
    try {
      current.markProcessed(((DebeziumChange) change).event());
      current.markBatchFinished();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    queue.clear();
    try {
      engine.close();
    } catch (IOException | IllegalStateException e) {
      LOG.log(System.Logger.Level.DEBUG, "the engine was ending already", e);
    }
    try {
      for (int i = 0; thread.isAlive() && i < 100; i++) {
        queue.clear(); // what waits to put its last record
        thread.join(100);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      thread.interrupt();
    }
  }

  /**
   * Gives Debezium the position that a run begins at, and later the last one that was confirmed,
   * which is what it tells the database. Nothing is kept here: positions are in checkpoints. Made
   * by Debezium, by its name.
   */
  public static final class Positions implements OffsetBackingStore {
    private final Map<ByteBuffer, ByteBuffer> confirmed = new HashMap<>();
    private @Nullable DebeziumRun run;

    /** Needed by Debezium. */
    public Positions() {}

    @Override
    public void configure(WorkerConfig config) {
      run = RUNS.get(String.valueOf(config.originals().get(RUN)));
    }

    @Override
    public void start() {}

    @Override
    public void stop() {}

    @Override
    public synchronized Future<Map<ByteBuffer, ByteBuffer>> get(Collection<ByteBuffer> keys) {
      Map<ByteBuffer, ByteBuffer> found = new HashMap<>();
      DebeziumRun of = run;
      String start = of == null || of.started ? null : of.start;
      for (ByteBuffer key : keys) {
        ByteBuffer value = confirmed.get(key);
        if (value != null) {
          found.put(key, value.duplicate());
        } else if (start != null) {
          found.put(key, ByteBuffer.wrap(start.getBytes(StandardCharsets.UTF_8)));
        }
      }
      return CompletableFuture.completedFuture(found);
    }

    @Override
    public synchronized Future<Void> set(
        Map<ByteBuffer, ByteBuffer> values, Callback<Void> callback) {
      confirmed.putAll(values);
      if (callback != null) {
        callback.onCompletion(null, null);
      }
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public Set<Map<String, Object>> connectorPartitions(String connectorName) {
      return Set.of();
    }
  }
}
