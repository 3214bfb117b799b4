package io.fluxcore.application.connector.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.RecordFailures;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every sink keeps that claims to be idempotent: rows that are written again, by whatever
 * writer and in whatever batches, change nothing, so that a job that goes on from a checkpoint
 * leaves every row once. A sink's test extends it and says how its outside is looked at. A crash is
 * a writer that is left alone, and a new sink of the same options.
 */
public abstract class IdempotentSinkContract {
  /** The schema of the rows that are written. */
  protected static final Schema PAIRS =
      Schema.builder().field("id", DataType.LONG).field("name", DataType.STRING).build();

  /** The connector under test. */
  protected abstract SinkConnector connector();

  /** Options of a sink of {@link #PAIRS}; its outside is empty at first. */
  protected abstract Map<String, Object> options();

  /** The rows that are visible now, in any order, each as often as it is there: id and name. */
  protected abstract List<Map.Entry<Long, String>> visible();

  /** Whether rows of the same id are the same, of which the last one stays. */
  protected abstract boolean isByKey();

  private Sink sink() {
    return connector()
        .create(OptionParser.parse(connector().descriptor(), options()).orThrow(), PAIRS);
  }

  private SinkWriter writer() {
    return sink().createWriter("sink", 0, 1);
  }

  private static EventBatchBuilder row(
      EventBatchBuilder builder, RowKind kind, long id, String name) {
    return builder.row(kind, 1_000 + id, id, name);
  }

  private static EventBatch rows(LongStream ids) {
    EventBatchBuilder builder = new EventBatchBuilder(PAIRS);
    ids.forEach(id -> row(builder, RowKind.INSERT, id, "name-" + id));
    return builder.build();
  }

  private static void write(SinkWriter writer, long from, long to) {
    writer.write(rows(LongStream.range(from, to)), RecordFailures.FAIL);
  }

  private void assertVisible(long rows) {
    List<Map.Entry<Long, String>> expected = new ArrayList<>();
    for (long id = 0; id < rows; id++) {
      expected.add(Map.entry(id, "name-" + id));
    }
    assertThat(visible()).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void descriptor_claimsIt() {
    assertThat(connector().descriptor().can(Capability.IDEMPOTENT)).isTrue();
  }

  @Test
  void sameRowsAgain_changeNothing() {
    try (SinkWriter writer = writer()) {
      write(writer, 0, 100);
      writer.flush();
      write(writer, 0, 100);
      write(writer, 50, 60);
      writer.flush();
      assertVisible(100);
      write(writer, 0, 7);
      write(writer, 7, 100);
    }
    try (SinkWriter writer = writer()) {
      writer.restored();
      write(writer, 0, 100);
      writer.flush();
    }
    assertVisible(100);
  }

  @Test
  void sameRowsOfSeveralWriters_areThereOnce() {
    Sink sink = sink();
    try (SinkWriter first = sink.createWriter("sink", 0, 2);
        SinkWriter second = sink.createWriter("sink", 1, 2)) {
      write(first, 0, 500);
      write(second, 0, 500);
      first.flush();
      second.flush();
    }
    assertVisible(500);
  }

  /** Crashes at random moments, and goes on from the last checkpoint. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void crashesAndReplays_leaveEveryRowOnce(long seed) {
    Random random = new Random(seed);
    long end = 2_000;
    long checkpoint = 0;
    List<SinkWriter> leftAlone = new ArrayList<>();
    for (int attempt = 0; checkpoint < end; attempt++) {
      SinkWriter writer = writer();
      leftAlone.add(writer);
      if (attempt > 0) {
        writer.restored();
      }
      long position = checkpoint;
      int steps = attempt == 20 ? Integer.MAX_VALUE : 1 + random.nextInt(8);
      for (int i = 0; i < steps && position < end; i++) {
        long to = Math.min(end, position + 1 + random.nextInt(400));
        write(writer, position, to);
        position = to;
        switch (random.nextInt(4)) {
          case 0 -> {
            assertThat(writer.prepareCommit(attempt)).isEmpty();
            checkpoint = position;
          }
          case 1 -> writer.flush();
          default -> {}
        }
      }
      if (position == end) {
        writer.endOfInput();
        checkpoint = end;
      }
    }
    assertVisible(end);
    leftAlone.forEach(SinkWriter::close);
    assertVisible(end);
  }

  @Test
  void otherParallelismAfterACrash_leavesEveryRowOnce() {
    SinkWriter crashed = writer();
    write(crashed, 0, 1_000);
    crashed.flush();
    write(crashed, 1_000, 1_500);
    Sink sink = sink();
    for (int subtask = 0; subtask < 3; subtask++) {
      int mine = subtask;
      try (SinkWriter writer = sink.createWriter("sink", subtask, 3)) {
        writer.restored();
        writer.write(
            rows(LongStream.range(300, 2_000).filter(id -> id % 3 == mine)), RecordFailures.FAIL);
        writer.endOfInput();
      }
    }
    assertVisible(2_000);
    crashed.close();
    assertVisible(2_000);
  }

  /** The names of a few keys change again and again, within batches and between them. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void lastRowOfAKey_stays(long seed) {
    if (!isByKey()) {
      return;
    }
    Random random = new Random(seed);
    Map<Long, String> last = new HashMap<>();
    try (SinkWriter writer = writer()) {
      for (int i = 0; i < 60; i++) {
        EventBatchBuilder builder = new EventBatchBuilder(PAIRS);
        for (int n = random.nextInt(30); n >= 0; n--) {
          long id = random.nextInt(40);
          String name = i + "-" + n;
          row(builder, RowKind.INSERT, id, name);
          last.put(id, name);
        }
        writer.write(builder.build(), RecordFailures.FAIL);
        if (random.nextInt(10) == 0) {
          writer.flush();
        }
      }
      writer.flush();
    }
    assertThat(visible()).containsExactlyInAnyOrderElementsOf(last.entrySet());
  }

  @Test
  void retractions_takeBack_alsoWhenTheyComeAgain() {
    if (!connector().descriptor().can(Capability.CHANGELOG)) {
      return;
    }
    List<EventBatch> changes = new ArrayList<>();
    EventBatchBuilder first = new EventBatchBuilder(PAIRS);
    row(first, RowKind.INSERT, 1, "a");
    row(first, RowKind.INSERT, 2, "a");
    row(first, RowKind.INSERT, 3, "a");
    changes.add(first.build());
    EventBatchBuilder second = new EventBatchBuilder(PAIRS);
    row(second, RowKind.UPDATE_BEFORE, 1, "a");
    row(second, RowKind.UPDATE_AFTER, 1, "b");
    row(second, RowKind.DELETE, 2, "a");
    row(second, RowKind.UPDATE_BEFORE, 3, "a");
    changes.add(second.build());
    EventBatchBuilder third = new EventBatchBuilder(PAIRS);
    row(third, RowKind.UPDATE_AFTER, 3, "c");
    row(third, RowKind.INSERT, 2, "d");
    row(third, RowKind.INSERT, 4, "a");
    row(third, RowKind.DELETE, 4, "a");
    row(third, RowKind.DELETE, 5, "never there");
    changes.add(third.build());
    List<Map.Entry<Long, String>> result =
        List.of(Map.entry(1L, "b"), Map.entry(2L, "d"), Map.entry(3L, "c"));
    for (boolean flushesEach : new boolean[] {false, true, false}) {
      try (SinkWriter writer = writer()) {
        for (EventBatch change : changes) {
          writer.write(change, RecordFailures.FAIL);
          if (flushesEach) {
            writer.flush();
          }
        }
        writer.flush();
      }
      assertThat(visible()).containsExactlyInAnyOrderElementsOf(result);
    }
  }
}
