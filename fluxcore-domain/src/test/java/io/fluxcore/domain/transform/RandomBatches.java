package io.fluxcore.domain.transform;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Envelope;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.RawRecords;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.event.StringColumn;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Seeded batches of all that there is: types, nulls, selections, kinds, envelopes, raw records. */
final class RandomBatches {
  static final Schema SCHEMA =
      Schema.builder()
          .field("n", DataType.LONG)
          .field("x", DataType.DOUBLE)
          .field("s", DataType.STRING)
          .field("d", DataType.decimal(10, 2))
          .field("b", DataType.BOOLEAN)
          .field("y", DataType.BYTES)
          .field("day", DataType.DATE)
          .field("t", DataType.TIMESTAMP_TZ)
          .field("v", DataType.NESTED)
          .build();

  private final Random random;

  RandomBatches(long seed) {
    this.random = new Random(seed);
  }

  /** Batches of about 5,000 rows in all, but not more than 60 of them. */
  static List<EventBatch> of(long seed, int maxRows) {
    RandomBatches batches = new RandomBatches(seed);
    List<EventBatch> result = new ArrayList<>();
    for (int rows = 0; rows < 5000 && result.size() < 60; rows += maxRows) {
      result.add(batches.next(maxRows));
    }
    return result;
  }

  EventBatch next(int maxRows) {
    int rows = random.nextInt(4) == 0 ? 1 + random.nextInt(maxRows) : maxRows;
    boolean changelog = random.nextBoolean();
    EventBatchBuilder builder = new EventBatchBuilder(SCHEMA, rows);
    for (int i = 0; i < rows; i++) {
      builder.row(
          changelog ? RowKind.values()[random.nextInt(4)] : RowKind.INSERT,
          random.nextInt(20) == 0 ? EventBatch.NO_TIMESTAMP : random.nextInt(100_000),
          orNull((long) random.nextInt(100)),
          orNull(random.nextDouble()),
          orNull("s" + random.nextInt(10)),
          orNull(BigDecimal.valueOf(random.nextInt(), 2)),
          orNull(random.nextBoolean()),
          orNull(new byte[] {(byte) random.nextInt()}),
          orNull(LocalDate.ofEpochDay(random.nextInt(20_000))),
          orNull(Instant.ofEpochMilli(random.nextInt())),
          orNull(List.of("a", random.nextLong())));
    }
    return select(dress(builder.build(), rows), rows);
  }

  private Object orNull(Object value) {
    return random.nextInt(8) == 0 ? null : value;
  }

  private EventBatch dress(EventBatch batch, int rows) {
    EventBatch result = batch;
    if (random.nextBoolean()) {
      String[] ids = new String[rows];
      int[] priorities = new int[rows];
      @SuppressWarnings({"unchecked", "rawtypes"})
      Map<String, String>[] headers = new Map[rows];
      for (int i = 0; i < rows; i++) {
        ids[i] = "id" + random.nextInt();
        priorities[i] = random.nextInt(5);
        headers[i] = random.nextBoolean() ? null : Map.of("h", ids[i]);
      }
      StringColumn column = StringColumn.of(rows, ids, null);
      result =
          result.withEnvelope(new Envelope(column, "src", column, column, priorities, headers));
    }
    if (random.nextBoolean()) {
      String[] texts = new String[rows];
      for (int i = 0; i < rows; i++) {
        texts[i] = "raw" + random.nextInt();
      }
      result = result.withRawRecords(new Texts(texts));
    }
    return random.nextBoolean() ? result : result.withKeyGroups(3, 9);
  }

  private EventBatch select(EventBatch batch, int rows) {
    int oneIn = random.nextInt(4);
    if (oneIn == 0) {
      return batch;
    }
    int[] selection = new int[rows];
    int count = 0;
    for (int i = 0; i < rows; i++) {
      if (random.nextInt(oneIn) == 0) {
        selection[count++] = i;
      }
    }
    return batch.withSelection(selection, count);
  }

  private record Texts(String[] texts) implements RawRecords {
    @Override
    public Object field(int row, String name) {
      return null;
    }

    @Override
    public byte[] bytes(int row) {
      return texts[row].getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public RawRecords gather(int[] rows, int count) {
      String[] result = new String[count];
      for (int i = 0; i < count; i++) {
        result[i] = texts[rows[i]];
      }
      return new Texts(result);
    }
  }
}
