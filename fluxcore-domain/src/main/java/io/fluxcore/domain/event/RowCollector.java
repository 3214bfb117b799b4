package io.fluxcore.domain.event;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Collects rows of many batches of one schema into batches of one's own: what an exchange uses to
 * send full batches. Copies by column, in loops over the arrays. Batches that carry raw records or
 * an envelope with more than the source's name are not taken: see {@link #accepts}. Not
 * thread-safe.
 */
public final class RowCollector {
  private static final int FIRST_CAPACITY = 64;

  private final Schema schema;
  private final int limit;
  private final Part[] parts;
  private int capacity;
  private long[] timestamps;
  private byte @Nullable [] rowKinds;
  private @Nullable String source;
  private int size;

  /**
   * @param limit rows of a full batch
   */
  public RowCollector(Schema schema, int limit) {
    this.schema = schema;
    this.limit = limit;
    this.capacity = Math.min(limit, FIRST_CAPACITY);
    this.timestamps = new long[capacity];
    this.parts = new Part[schema.size()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = Part.of(schema.type(i), capacity);
    }
  }

  /** Whether rows of this batch may be added to those held. */
  public boolean accepts(EventBatch batch) {
    Envelope envelope = batch.envelope();
    return batch.rawRecords() == null
        && envelope.ids() == null
        && envelope.types() == null
        && envelope.keys() == null
        && envelope.priorities() == null
        && envelope.headers() == null
        && (size == 0 || Objects.equals(source, envelope.source()))
        && batch.schema().equals(schema);
  }

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  public boolean isFull() {
    return size == limit;
  }

  /** Rows that still fit. */
  public int room() {
    return limit - size;
  }

  /**
   * Adds {@code rows[from..from+count)} of an accepted batch.
   *
   * @param count at most {@link #room()}
   */
  public void add(EventBatch batch, int[] rows, int from, int count) {
    ensure(size + count);
    if (size == 0) {
      source = batch.envelope().source();
    }
    long[] times = batch.timestamps();
    long[] target = timestamps;
    for (int i = 0, at = size; i < count; i++, at++) {
      target[at] = times[rows[from + i]];
    }
    addKinds(batch.rowKinds(), rows, from, count);
    for (int c = 0; c < parts.length; c++) {
      parts[c].add(batch.column(c), rows, from, count, size);
    }
    size += count;
  }

  private void addKinds(byte @Nullable [] kinds, int[] rows, int from, int count) {
    if (kinds == null) {
      return; // 0 is the code of an insertion
    }
    if (rowKinds == null) {
      rowKinds = new byte[capacity];
    }
    for (int i = 0; i < count; i++) {
      rowKinds[size + i] = kinds[rows[from + i]];
    }
  }

  private void ensure(int needed) {
    if (needed <= capacity) {
      return;
    }
    capacity = Math.min(limit, Math.max(needed, capacity * 2));
    timestamps = Arrays.copyOf(timestamps, capacity);
    if (rowKinds != null) {
      rowKinds = Arrays.copyOf(rowKinds, capacity);
    }
    for (Part part : parts) {
      part.grow(capacity);
    }
  }

  /** The rows held as a batch; the collector starts anew. */
  public EventBatch build() {
    Column[] columns = new Column[parts.length];
    int next = size > capacity / 2 ? capacity : Math.max(Math.min(limit, FIRST_CAPACITY), size);
    for (int c = 0; c < parts.length; c++) {
      columns[c] = parts[c].build(size, next);
    }
    EventBatch batch =
        EventBatch.of(schema, columns, timestamps, size)
            .withRowKinds(rowKinds)
            .withEnvelope(source == null ? Envelope.NONE : Envelope.ofSource(source));
    capacity = next;
    timestamps = new long[capacity];
    rowKinds = null;
    source = null;
    size = 0;
    return batch;
  }

  /** The values of one column. */
  private abstract static class Part {
    long @Nullable [] nulls;
    int capacity;

    Part(int capacity) {
      this.capacity = capacity;
    }

    static Part of(DataType type, int capacity) {
      return switch (type.kind()) {
        case LONG, DATE, TIMESTAMP, TIMESTAMP_TZ -> new Longs(type, capacity);
        case DOUBLE -> new Doubles(capacity);
        case BOOLEAN -> new Booleans(capacity);
        case STRING -> new Strings(capacity);
        case DECIMAL ->
            type.precision() <= DecimalColumn.MAX_COMPACT_PRECISION
                ? new CompactDecimals(type, capacity)
                : new References(type, capacity);
        case BYTES, NESTED -> new References(type, capacity);
      };
    }

    final void add(Column column, int[] rows, int from, int count, int at) {
      values(column, rows, from, count, at);
      long[] bits = column.nulls();
      if (bits == null) {
        return;
      }
      for (int i = 0; i < count; i++) {
        if (NullBits.isSet(bits, rows[from + i])) {
          if (nulls == null) {
            nulls = NullBits.create(capacity);
          }
          NullBits.set(nulls, at + i);
        }
      }
    }

    final void grow(int newCapacity) {
      capacity = newCapacity;
      if (nulls != null) {
        nulls = Arrays.copyOf(nulls, (newCapacity + 63) >>> 6);
      }
      growValues(newCapacity);
    }

    final Column build(int size, int nextCapacity) {
      Column column = column(size);
      nulls = null;
      capacity = nextCapacity;
      renew(nextCapacity);
      return column;
    }

    abstract void values(Column column, int[] rows, int from, int count, int at);

    abstract void growValues(int newCapacity);

    abstract Column column(int size);

    abstract void renew(int newCapacity);
  }

  private static final class Longs extends Part {
    private final DataType type;
    private long[] values;

    Longs(DataType type, int capacity) {
      super(capacity);
      this.type = type;
      this.values = new long[capacity];
    }

    @Override
    void values(Column column, int[] rows, int from, int count, int at) {
      long[] source = ((LongColumn) column).values();
      long[] target = values;
      for (int i = 0; i < count; i++) {
        target[at + i] = source[rows[from + i]];
      }
    }

    @Override
    void growValues(int newCapacity) {
      values = Arrays.copyOf(values, newCapacity);
    }

    @Override
    Column column(int size) {
      return new LongColumn(type, size, values, nulls);
    }

    @Override
    void renew(int newCapacity) {
      values = new long[newCapacity];
    }
  }

  private static final class Doubles extends Part {
    private double[] values;

    Doubles(int capacity) {
      super(capacity);
      this.values = new double[capacity];
    }

    @Override
    void values(Column column, int[] rows, int from, int count, int at) {
      double[] source = ((DoubleColumn) column).values();
      double[] target = values;
      for (int i = 0; i < count; i++) {
        target[at + i] = source[rows[from + i]];
      }
    }

    @Override
    void growValues(int newCapacity) {
      values = Arrays.copyOf(values, newCapacity);
    }

    @Override
    Column column(int size) {
      return new DoubleColumn(size, values, nulls);
    }

    @Override
    void renew(int newCapacity) {
      values = new double[newCapacity];
    }
  }

  private static final class Booleans extends Part {
    private boolean[] values;

    Booleans(int capacity) {
      super(capacity);
      this.values = new boolean[capacity];
    }

    @Override
    void values(Column column, int[] rows, int from, int count, int at) {
      boolean[] source = ((BooleanColumn) column).values();
      for (int i = 0; i < count; i++) {
        values[at + i] = source[rows[from + i]];
      }
    }

    @Override
    void growValues(int newCapacity) {
      values = Arrays.copyOf(values, newCapacity);
    }

    @Override
    Column column(int size) {
      return new BooleanColumn(size, values, nulls);
    }

    @Override
    void renew(int newCapacity) {
      values = new boolean[newCapacity];
    }
  }

  /**
   * Strings in any form. While all come from one and the same dictionary they stay codes; bytes
   * stay bytes; a mixture becomes references.
   */
  private static final class Strings extends Part {
    private @Nullable String[] values = new @Nullable String[0];
    private int[] codes = new int[0];
    private String @Nullable [] dictionary;
    private byte[] bytes = new byte[0];
    private int[] offsets = new int[0];
    private Form form = Form.NONE;

    private enum Form {
      NONE,
      REFERENCES,
      CODES,
      UTF8
    }

    Strings(int capacity) {
      super(capacity);
    }

    @Override
    void values(Column column, int[] rows, int from, int count, int at) {
      if (count == 0) {
        return;
      }
      if (column instanceof StringColumn.OfDictionary coded
          && (form == Form.NONE || (form == Form.CODES && dictionary == coded.dictionary()))) {
        addCodes(coded, rows, from, count, at);
      } else if (column instanceof StringColumn.OfUtf8 utf8
          && (form == Form.NONE || form == Form.UTF8)) {
        addBytes(utf8, rows, from, count, at);
      } else {
        addReferences((StringColumn) column, rows, from, count, at);
      }
    }

    private void addCodes(
        StringColumn.OfDictionary column, int[] rows, int from, int count, int at) {
      if (form == Form.NONE) {
        form = Form.CODES;
        dictionary = column.dictionary();
        codes = new int[capacity];
      }
      int[] source = column.codes();
      for (int i = 0; i < count; i++) {
        codes[at + i] = source[rows[from + i]];
      }
    }

    private void addBytes(StringColumn.OfUtf8 column, int[] rows, int from, int count, int at) {
      if (form == Form.NONE) {
        form = Form.UTF8;
        offsets = new int[capacity + 1];
      }
      int[] starts = column.offsets();
      byte[] source = column.bytes();
      int end = offsets[at];
      for (int i = 0; i < count; i++) {
        int row = rows[from + i];
        end += starts[row + 1] - starts[row];
      }
      if (end > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
      }
      int to = offsets[at];
      for (int i = 0; i < count; i++) {
        int row = rows[from + i];
        int length = starts[row + 1] - starts[row];
        System.arraycopy(source, starts[row], bytes, to, length);
        to += length;
        offsets[at + i + 1] = to;
      }
    }

    private void addReferences(StringColumn column, int[] rows, int from, int count, int at) {
      becomeReferences(at);
      if (column instanceof StringColumn.OfStrings strings) {
        @Nullable String[] source = strings.values();
        for (int i = 0; i < count; i++) {
          values[at + i] = source[rows[from + i]];
        }
        return;
      }
      for (int i = 0; i < count; i++) {
        int row = rows[from + i];
        values[at + i] = column.isNull(row) ? null : column.value(row);
      }
    }

    private void becomeReferences(int held) {
      if (form == Form.REFERENCES) {
        return;
      }
      @Nullable String[] references = new @Nullable String[capacity];
      if (form != Form.NONE) {
        StringColumn column = (StringColumn) column(held);
        for (int i = 0; i < held; i++) {
          references[i] = column.isNull(i) ? null : column.value(i);
        }
      }
      values = references;
      form = Form.REFERENCES;
    }

    @Override
    void growValues(int newCapacity) {
      switch (form) {
        case NONE -> {}
        case REFERENCES -> values = Arrays.copyOf(values, newCapacity);
        case CODES -> codes = Arrays.copyOf(codes, newCapacity);
        case UTF8 -> offsets = Arrays.copyOf(offsets, newCapacity + 1);
      }
    }

    @Override
    Column column(int size) {
      if (form == Form.CODES && dictionary != null) {
        return StringColumn.ofDictionary(size, codes, dictionary, nulls);
      }
      if (form == Form.UTF8) {
        return StringColumn.ofUtf8(size, bytes, offsets, nulls);
      }
      return StringColumn.of(size, values, nulls);
    }

    @Override
    void renew(int newCapacity) {
      form = Form.NONE;
      values = new @Nullable String[0];
      codes = new int[0];
      dictionary = null;
      offsets = new int[0];
      bytes = new byte[0];
    }
  }

  /** Decimals whose unscaled values fit a long. */
  private static final class CompactDecimals extends Part {
    private final DataType type;
    private long[] unscaled;

    CompactDecimals(DataType type, int capacity) {
      super(capacity);
      this.type = type;
      this.unscaled = new long[capacity];
    }

    @Override
    void values(Column column, int[] rows, int from, int count, int at) {
      long[] source = ((DecimalColumn) column).unscaled();
      for (int i = 0; i < count; i++) {
        unscaled[at + i] = source[rows[from + i]];
      }
    }

    @Override
    void growValues(int newCapacity) {
      unscaled = Arrays.copyOf(unscaled, newCapacity);
    }

    @Override
    Column column(int size) {
      return DecimalColumn.compact(type, size, unscaled, nulls);
    }

    @Override
    void renew(int newCapacity) {
      unscaled = new long[newCapacity];
    }
  }

  /** Wide decimals, bytes and nested values. */
  private static final class References extends Part {
    private final DataType type;
    private @Nullable Object[] values;

    References(DataType type, int capacity) {
      super(capacity);
      this.type = type;
      this.values = new @Nullable Object[capacity];
    }

    @Override
    void values(Column column, int[] rows, int from, int count, int at) {
      for (int i = 0; i < count; i++) {
        values[at + i] = column.get(rows[from + i]);
      }
    }

    @Override
    void growValues(int newCapacity) {
      values = Arrays.copyOf(values, newCapacity);
    }

    @Override
    Column column(int size) {
      return switch (type.kind()) {
        case DECIMAL ->
            DecimalColumn.of(type, size, Arrays.copyOf(values, size, BigDecimal[].class), nulls);
        case BYTES -> new BytesColumn(size, Arrays.copyOf(values, size, byte[][].class), nulls);
        default -> new NestedColumn(size, values, nulls);
      };
    }

    @Override
    void renew(int newCapacity) {
      values = new @Nullable Object[newCapacity];
    }
  }
}
