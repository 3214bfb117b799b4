package io.fluxcore.application.connector.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventCursor;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads sources row by row, for tests: bounded ones to their end, others until there is nothing
 * now.
 */
public final class SourceReading {
  private static final Schema IDS = Schema.builder().field("id", DataType.LONG).build();

  private SourceReading() {}

  /**
   * What one split gave.
   *
   * @param rows in order
   * @param bad in order
   * @param stops where reading could go on, and how many rows and bad records came before
   */
  public record SplitContent(List<EventRecord> rows, List<BadRecord> bad, List<Stop> stops) {
    SplitContent() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
  }

  /** An end position and what came before it. */
  public record Stop(SplitPosition position, int rows, int bad) {}

  /** A context with no filter. */
  public static ReaderContext context(Schema schema, int batchRows) {
    return new ReaderContext("source", 0, 1, schema, false, null, batchRows);
  }

  /** All splits from their start to their end, by one reader. */
  public static Map<String, SplitContent> readAll(Source source, ReaderContext context) {
    Map<String, SplitContent> result = new LinkedHashMap<>();
    try (SourceReader reader = source.createReader(context)) {
      for (Source.Split split : source.discoverSplits()) {
        reader.assign(split, null);
        result.put(split.id(), new SplitContent());
      }
      read(reader, context.schema(), result, result.size(), source.isBounded());
    }
    return result;
  }

  /** One split from a position to its end. */
  public static SplitContent readFrom(
      Source source, ReaderContext context, Source.Split split, @Nullable SplitPosition position) {
    Map<String, SplitContent> result = new LinkedHashMap<>();
    SplitContent content = new SplitContent();
    result.put(split.id(), content);
    try (SourceReader reader = source.createReader(context)) {
      reader.assign(split, position);
      read(reader, context.schema(), result, 1, source.isBounded());
    }
    return content;
  }

  private static void read(
      SourceReader reader,
      Schema schema,
      Map<String, SplitContent> contents,
      int splits,
      boolean bounded) {
    int open = splits;
    int nothings = 0;
    while (open > 0) {
      Poll poll = reader.poll(Duration.ofMillis(1));
      if (poll instanceof Poll.Rows rows) {
        SplitContent content = contents.get(rows.split());
        if (content == null) {
          throw new AssertionError("rows of a split that was not assigned: " + rows.split());
        }
        if (!rows.batch().schema().equals(schema)) {
          throw new AssertionError("asked for " + schema + ", got " + rows.batch().schema());
        }
        content.rows().addAll(records(rows.batch()));
        content.bad().addAll(rows.bad());
        content.stops().add(new Stop(rows.end(), content.rows().size(), content.bad().size()));
      } else if (poll instanceof Poll.EndOfSplit end) {
        if (!contents.containsKey(end.split())) {
          throw new AssertionError("end of a split that was not assigned: " + end.split());
        }
        open--;
      } else if (!bounded) {
        return;
      } else if (++nothings > 1_000_000) {
        throw new AssertionError("a bounded source gave nothing a million times");
      }
    }
  }

  /**
   * The fields {@code id} of the first rows of a source's first split, which are there within a
   * minute.
   */
  public static List<Long> ids(Source source, int rows) {
    List<Long> ids = new ArrayList<>();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    try (SourceReader reader = source.createReader(context(IDS, 100))) {
      reader.assign(source.discoverSplits().get(0), null);
      while (ids.size() < rows) {
        assertThat(System.nanoTime()).as("%s", ids).isLessThan(deadline);
        if (reader.poll(Duration.ofMillis(50)) instanceof Poll.Rows some) {
          records(some.batch()).forEach(row -> ids.add(row.getLong("id")));
        }
      }
    }
    return ids;
  }

  /** The selected rows of a batch. */
  public static List<EventRecord> records(EventBatch batch) {
    List<EventRecord> result = new ArrayList<>();
    EventCursor cursor = new EventCursor();
    for (int i = 0; i < batch.size(); i++) {
      result.add(cursor.moveTo(batch, batch.row(i)).copy());
    }
    cursor.close();
    return result;
  }
}
