package io.fluxcore.application.connector.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.checkpoint.FencingToken;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.Sink.CommitHandle;
import io.fluxcore.application.connector.SinkOwner;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.TwoPhaseSink;
import io.fluxcore.application.connector.TwoPhaseSink.Unknown;
import io.fluxcore.application.connector.WriterContext;
import io.fluxcore.application.connector.WriterContext.Visibility;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.operator.RecordFailures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every sink keeps that takes changes: insertions, updates and deletions, within batches and
 * between them, leave the outside as the table is that they make. A sink's test extends it and says
 * how its outside is looked at. One that writes by a key is given what it is promised: no former
 * rows, and deletions of which nothing but the key is right. A crash is a writer that is left
 * alone, and a new sink of the same options.
 */
public abstract class ChangelogSinkContract {
  /** The schema of the rows that are written; {@code id} is their key. */
  protected static final Schema ROWS =
      Schema.builder()
          .field("id", DataType.LONG)
          .field("name", DataType.STRING)
          .field("size", DataType.LONG)
          .build();

  private static final RecordFailures FAIL = RecordFailures.FAIL;
  private static final int BATCHES = 60;

  /**
   * A sink of {@link #ROWS}, as another process would make it; its outside is empty at first and
   * always the same.
   */
  protected abstract Sink sink();

  /** The rows outside, in any order; where changes are written down, what they {@link #make}. */
  protected abstract Collection<List<@Nullable Object>> table();

  /** A change as it was written down: the sign of its kind, and the row. */
  public record Written(String kind, List<@Nullable Object> row) {}

  /** The rows that written changes make. */
  protected static Collection<List<@Nullable Object>> make(List<Written> changes) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Written change : changes) {
      if (change.kind().equals(RowKind.DELETE.sign())
          || change.kind().equals(RowKind.UPDATE_BEFORE.sign())) {
        assertThat(rows.remove(change.row())).as(change + " takes back what is there").isTrue();
      } else {
        rows.add(change.row());
      }
    }
    return rows;
  }

  private static boolean isByKey(Sink sink) {
    Changes takes = sink.takes();
    return takes != null && takes.mode() == Changes.Mode.UPSERT;
  }

  /** Random changes of a table, and the table after each batch of them. */
  private static final class Script {
    final List<EventBatch> batches = new ArrayList<>();
    final List<List<List<@Nullable Object>>> tables = new ArrayList<>();
    private final Random random;
    private final boolean byKey;
    private final Map<Long, List<@Nullable Object>> table = new TreeMap<>();
    private EventBatchBuilder builder = new EventBatchBuilder(ROWS);

    Script(long seed, boolean byKey) {
      this.random = new Random(seed);
      this.byKey = byKey;
      for (int i = 0; i < BATCHES; i++) {
        for (int n = random.nextInt(40); n >= 0; n--) {
          change(i * 100L + n);
        }
        batches.add(builder.build());
        builder = new EventBatchBuilder(ROWS);
        tables.add(List.copyOf(table.values()));
      }
    }

    private void change(long time) {
      long id = random.nextInt(50);
      List<@Nullable Object> before = table.get(id);
      boolean isGone = before != null && random.nextInt(3) == 0;
      if (isGone) {
        table.remove(id);
        row(RowKind.DELETE, time, before);
        return;
      }
      String name = random.nextInt(6) == 0 ? null : "name " + random.nextInt(1000);
      List<@Nullable Object> now = Arrays.asList(id, name, random.nextLong(1000));
      table.put(id, now);
      if (before != null) {
        row(RowKind.UPDATE_BEFORE, time, before);
      }
      row(before == null ? RowKind.INSERT : RowKind.UPDATE_AFTER, time, now);
    }

    private void row(RowKind kind, long time, List<@Nullable Object> row) {
      if (byKey && kind == RowKind.UPDATE_BEFORE) {
        return;
      }
      boolean isKeyAlone = byKey && kind == RowKind.DELETE && random.nextBoolean();
      builder.row(
          kind, time, row.get(0), isKeyAlone ? null : row.get(1), isKeyAlone ? null : row.get(2));
    }
  }

  private void assertTable(Script script, int batches) {
    assertThat(table()).containsExactlyInAnyOrderElementsOf(script.tables.get(batches - 1));
  }

  @Test
  void sink_saysThatItTakesChanges() {
    Changes takes = sink().takes();
    if (takes != null) {
      assertThat(takes.isAppend()).isFalse();
    }
    if (isByKey(sink())) {
      assertThat(takes).isEqualTo(Changes.upserts(List.of("id")));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void changes_leaveTheTable(long seed) {
    Sink sink = sink();
    Script script = new Script(seed, isByKey(sink));
    Random random = new Random(seed);
    try (SinkWriter writer = sink.createWriter("sink", 0, 1)) {
      for (int i = 0; i < BATCHES; i++) {
        writer.write(script.batches.get(i), FAIL);
        if (random.nextInt(5) == 0) {
          writer.flush();
          assertTable(script, i + 1);
        }
      }
      writer.flush();
    }
    assertTable(script, BATCHES);
  }

  /** By keys, what is written again after a crash changes nothing in the end. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void crashesAndReplays_leaveTheTable(long seed) {
    if (!isByKey(sink())) {
      return;
    }
    Script script = new Script(seed, true);
    Random random = new Random(seed);
    List<SinkWriter> leftAlone = new ArrayList<>();
    int checkpoint = 0;
    while (checkpoint < BATCHES) {
      SinkWriter writer = sink().createWriter("sink", 0, 1);
      leftAlone.add(writer);
      int position = checkpoint;
      for (int steps = 1 + random.nextInt(20); steps > 0 && position < BATCHES; steps--) {
        writer.write(script.batches.get(position++), FAIL);
        if (random.nextInt(3) == 0 || position == BATCHES) {
          writer.flush();
          checkpoint = position;
        }
      }
    }
    assertTable(script, BATCHES);
    leftAlone.forEach(SinkWriter::close);
  }

  private static SinkOwner owner(long token) {
    return new SinkOwner(JobId.of(5, 8), "sink", new FencingToken(token));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void commitsAndCrashes_leaveTheTable_exactlyOnce(long seed) {
    if (!(sink() instanceof TwoPhaseSink)) {
      return;
    }
    Script script = new Script(seed, isByKey(sink()));
    Random random = new Random(seed);
    List<SinkWriter> leftAlone = new ArrayList<>();
    List<CommitHandle> registered = List.of();
    int checkpoint = 0;
    long id = 0;
    for (long token = 1; checkpoint < BATCHES; token++) {
      TwoPhaseSink sink = (TwoPhaseSink) sink();
      sink.settle(owner(token), registered, Unknown.TAKE_BACK, FAIL);
      if (checkpoint > 0) {
        assertTable(script, checkpoint);
      }
      SinkWriter writer =
          sink.createWriter(new WriterContext(owner(token), 0, 1, Visibility.AT_CHECKPOINTS, id));
      leftAlone.add(writer);
      int position = checkpoint;
      for (int steps = 1 + random.nextInt(20); steps > 0 && position < BATCHES; steps--) {
        writer.write(script.batches.get(position++), FAIL);
        if (random.nextInt(3) == 0 || position == BATCHES) {
          registered = writer.prepareCommit(++id);
          checkpoint = position;
          if (random.nextInt(3) == 0) {
            break;
          }
          sink.commit(owner(token), registered, FAIL);
        }
      }
    }
    TwoPhaseSink last = (TwoPhaseSink) sink();
    last.settle(owner(1_000), registered, Unknown.TAKE_BACK, FAIL);
    assertTable(script, BATCHES);
    leftAlone.forEach(SinkWriter::close);
    assertTable(script, BATCHES);
  }
}
