package io.fluxcore.adapters.in.format;

import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.SourceReader.Decoded;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.domain.event.BytesColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Envelope;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.NullBits;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.event.StringColumn;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Messages on their way into a batch, for sources whose records come one by one and not as a stream
 * of bytes. Each message is exactly one record. {@link #add} takes its bytes, {@link #key} and
 * {@link #headers} what lies beside them, and {@link #rows} decodes all that were added since, at
 * once and straight into columns. The arrays that are handed in may be used again after each call.
 *
 * <p>A message without bytes, such as a tombstone of Kafka, says nothing of fields: it gives no row
 * and is counted as filtered ({@link #addNothing}). One of zero bytes is a record like any other:
 * an empty text or empty bytes in the formats {@code text} and {@code raw}, bad in the others. Line
 * ends at the end of a message do not count, except in binary formats.
 *
 * <p>Not thread-safe.
 */
public final class MessageRows {
  private static final int MAX_BATCH_BYTES = 4 << 20;
  private static final long MICROS_PER_MILLI = 1000;

  private final RecordFormat format;
  private final MessageFields fields;
  private final Schema wanted;
  private final Schema decoded;
  private final boolean keepRaw;
  private final String source;
  private final @Nullable String numberPart;
  private final int batchRows;
  private final RecordDecoder decoder;
  private final RecordSlices slices = new RecordSlices();
  private final boolean[] isBad;
  private final long[] millis;
  private final int[] keyEnds;
  private final boolean[] hasKey;
  private final @Nullable Map<String, String>[] headers;
  private final @Nullable String[] ids;
  private byte[] bytes = new byte[64 * 1024];
  private int filled;
  private byte[] keys = new byte[4 * 1024];
  private boolean anyKey;
  private boolean anyHeaders;
  private boolean anyId;
  private int count;
  private int nothings;

  /**
   * Rows of the fields that a reader must give.
   *
   * @param fields which of them are not in the bytes
   * @param numberPart what {@code fields} call the number of a message, such as {@code offset};
   *     null: nothing
   */
  public MessageRows(
      RecordFormat format,
      MessageFields fields,
      ReaderContext context,
      @Nullable String numberPart) {
    this(format, fields, context, context.schema(), numberPart);
  }

  /** Rows of other fields than a reader must give, which it makes those of. */
  @SuppressWarnings("unchecked")
  public MessageRows(
      RecordFormat format,
      MessageFields fields,
      ReaderContext context,
      Schema wanted,
      @Nullable String numberPart) {
    this.format = format;
    this.fields = fields;
    this.wanted = wanted;
    this.decoded = fields.decoded(wanted);
    this.keepRaw = context.keepRaw();
    this.source = context.operatorId();
    this.numberPart = numberPart;
    this.batchRows = context.batchRows();
    this.decoder = newDecoder();
    this.isBad = new boolean[batchRows];
    this.millis = new long[batchRows];
    this.keyEnds = new int[batchRows + 1];
    this.hasKey = new boolean[batchRows];
    this.headers = (Map<String, String>[]) new Map<?, ?>[batchRows];
    this.ids = new @Nullable String[batchRows];
    checkFields();
    slices.reset(bytes);
  }

  private RecordDecoder newDecoder() {
    return format.decoder(decoded, keepRaw, null);
  }

  private void checkFields() {
    for (Field field : wanted.fields()) {
      String part = fields.part(field.name());
      if (part == null) {
        continue;
      }
      if (part.equals(MessageFields.KEY)) {
        MessageFields.checkType(field, part, DataType.STRING, DataType.BYTES);
      } else if (part.equals(MessageFields.TIMESTAMP)) {
        MessageFields.checkType(field, part, DataType.TIMESTAMP_TZ, DataType.LONG);
      } else if (part.startsWith(MessageFields.HEADER) || part.equals(MessageFields.ID)) {
        MessageFields.checkType(field, part, DataType.STRING);
      } else if (part.equals(numberPart)) {
        MessageFields.checkType(field, part, DataType.LONG);
      } else {
        MessageFields.checkType(field, part, DataType.STRING, DataType.LONG);
      }
    }
  }

  /** Whether no message was added since the last {@link #rows}. */
  public boolean isEmpty() {
    return count == 0 && nothings == 0;
  }

  /** Whether there are as many messages as a batch should have. */
  public boolean isFull() {
    return count == batchRows || filled >= MAX_BATCH_BYTES;
  }

  /**
   * Adds a message, unless this {@link #isFull}.
   *
   * @param number that the coordinates of a bad one are made of; ascending
   * @param timestampMillis its time, epoch milliseconds
   */
  public void add(byte[] from, int start, int end, long number, long timestampMillis) {
    reserve(end - start);
    System.arraycopy(from, start, bytes, filled, end - start);
    added(end - start, number, timestampMillis);
  }

  /** As {@link #add(byte[], int, int, long, long)}, of the remaining bytes, which stay so. */
  public void add(ByteBuffer message, long number, long timestampMillis) {
    int length = message.remaining();
    reserve(length);
    message.get(message.position(), bytes, filled, length);
    added(length, number, timestampMillis);
  }

  private void reserve(int length) {
    long needed = (long) filled + length + 1;
    if (needed > bytes.length) {
      long larger = Math.min(Math.max(bytes.length * 2L, needed), Integer.MAX_VALUE - 8);
      bytes = Arrays.copyOf(bytes, (int) larger);
    }
  }

  private void added(int length, long number, long timestampMillis) {
    int start = filled;
    int end = start + length;
    filled = end;
    if (!format.isBinary()) {
      bytes[filled++] = '\n'; // decoders of text look no further
      while (end > start && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
        end--;
      }
    }
    slices.add(start, end, number);
    millis[count] = timestampMillis;
    hasKey[count] = false;
    keyEnds[count + 1] = keyEnds[count];
    headers[count] = null;
    ids[count] = null;
    count++;
  }

  /** Adds a message that has no bytes at all. */
  public void addNothing() {
    nothings++;
  }

  /** The key of the message that was added last. */
  public void key(ByteBuffer key) {
    int from = keyEnds[count - 1];
    int to = from + key.remaining();
    if (to > keys.length) {
      keys = Arrays.copyOf(keys, Math.max(keys.length * 2, to));
    }
    key.get(key.position(), keys, from, key.remaining());
    keyEnds[count] = to;
    hasKey[count - 1] = true;
    anyKey = true;
  }

  /** The identity of the message that was added last, where it came from. */
  public void id(String id) {
    ids[count - 1] = id;
    anyId = true;
  }

  /** The headers of the message that was added last. */
  public void headers(Map<String, String> ofMessage) {
    if (!ofMessage.isEmpty()) {
      headers[count - 1] = ofMessage;
      anyHeaders = true;
    }
  }

  /** As {@link #rows(String, SplitPosition, LongFunction, Map)}, without constants. */
  public Poll.Rows rows(String split, SplitPosition end, LongFunction<String> coordinates) {
    return rows(split, end, coordinates, Map.of());
  }

  /**
   * Decodes the messages that were added; then there are none.
   *
   * @param end where reading goes on after them
   * @param coordinates of a message, by its number
   * @param constants what is the same for all of them: a text or {@link Long} by the name that
   *     fields are made of, such as {@code topic}
   */
  public Poll.Rows rows(
      String split, SplitPosition end, LongFunction<String> coordinates, Map<String, ?> constants) {
    List<BadRecord> bad = new ArrayList<>();
    Arrays.fill(isBad, 0, count, false);
    RecordSlices messages = slices;
    if (messages.bytes() != bytes) { // it has grown since
      messages.moved(bytes);
    }
    decoder.decode(
        messages,
        (record, code, message) -> {
          isBad[record] = true;
          bad.add(
              new BadRecord(
                  messages.copy(record), coordinates.apply(messages.line(record)), code, message));
        });
    int[] told = decoder.recordsOfRows();
    EventBatch batch = decoder.build();
    int[] messageOfRow = messagesOfRows(batch.rowCount(), told);
    int withoutRow = told == null ? 0 : withoutRow(told);
    batch =
        withFields(batch, messageOfRow, constants)
            .withTimestamps(timestamps(messageOfRow))
            .withEnvelope(envelope(messageOfRow));
    int filtered = nothings + withoutRow;
    clear();
    return new Poll.Rows(split, batch, end, bad, filtered);
  }

  private void clear() {
    slices.reset(bytes);
    filled = 0;
    count = 0;
    nothings = 0;
    anyKey = false;
    anyHeaders = false;
    anyId = false;
    keyEnds[0] = 0;
  }

  private int[] messagesOfRows(int rows, int @Nullable [] told) {
    if (told != null) {
      return told;
    }
    int[] messages = new int[rows];
    int row = 0;
    for (int i = 0; i < count; i++) {
      if (!isBad[i]) {
        messages[row++] = i;
      }
    }
    return messages;
  }

  /** Messages that are not bad and yet tell of no row. */
  private int withoutRow(int[] messageOfRow) {
    boolean[] hasRow = new boolean[count];
    for (int message : messageOfRow) {
      hasRow[message] = true;
    }
    int without = 0;
    for (int i = 0; i < count; i++) {
      without += isBad[i] || hasRow[i] ? 0 : 1;
    }
    return without;
  }

  private long[] timestamps(int[] messageOfRow) {
    long[] timestamps = new long[messageOfRow.length];
    for (int row = 0; row < timestamps.length; row++) {
      timestamps[row] = millis[messageOfRow[row]];
    }
    return timestamps;
  }

  @SuppressWarnings("unchecked")
  private Envelope envelope(int[] messageOfRow) {
    if (!anyKey && !anyHeaders && !anyId) {
      return Envelope.ofSource(source);
    }
    @Nullable Map<String, String>[] ofRows = null;
    if (anyHeaders) {
      ofRows = (Map<String, String>[]) new Map<?, ?>[messageOfRow.length];
      for (int row = 0; row < ofRows.length; row++) {
        ofRows[row] = headers[messageOfRow[row]];
      }
    }
    return new Envelope(
        anyId ? texts(messageOfRow, message -> ids[message]) : null,
        source,
        null,
        anyKey ? textKeys(messageOfRow) : null,
        null,
        ofRows);
  }

  private StringColumn textKeys(int[] messageOfRow) {
    int rows = messageOfRow.length;
    byte[] text = new byte[keyEnds[count]];
    int[] offsets = new int[rows + 1];
    long[] nulls = null;
    int at = 0;
    for (int row = 0; row < rows; row++) {
      int message = messageOfRow[row];
      if (hasKey[message]) {
        int length = keyEnds[message + 1] - keyEnds[message];
        System.arraycopy(keys, keyEnds[message], text, at, length);
        at += length;
      } else {
        nulls = nulls == null ? NullBits.create(rows) : nulls;
        NullBits.set(nulls, row);
      }
      offsets[row + 1] = at;
    }
    return StringColumn.ofUtf8(rows, text, offsets, nulls);
  }

  private BytesColumn byteKeys(int[] messageOfRow) {
    int rows = messageOfRow.length;
    byte[][] values = new byte[rows][];
    long[] nulls = null;
    for (int row = 0; row < rows; row++) {
      int message = messageOfRow[row];
      if (hasKey[message]) {
        values[row] = Arrays.copyOfRange(keys, keyEnds[message], keyEnds[message + 1]);
      } else {
        nulls = nulls == null ? NullBits.create(rows) : nulls;
        NullBits.set(nulls, row);
      }
    }
    return new BytesColumn(rows, values, nulls);
  }

  private EventBatch withFields(EventBatch batch, int[] messageOfRow, Map<String, ?> constants) {
    if (decoded.size() == wanted.size()) {
      return batch;
    }
    Column[] columns = new Column[wanted.size()];
    int next = 0;
    for (int i = 0; i < columns.length; i++) {
      Field field = wanted.field(i);
      String part = fields.part(field.name());
      columns[i] =
          part == null ? batch.column(next++) : column(field, part, messageOfRow, constants);
    }
    return batch.withColumns(wanted, columns);
  }

  private Column column(Field field, String part, int[] messageOfRow, Map<String, ?> constants) {
    int rows = messageOfRow.length;
    if (part.equals(MessageFields.KEY)) {
      return field.type().equals(DataType.BYTES) ? byteKeys(messageOfRow) : textKeys(messageOfRow);
    }
    if (part.startsWith(MessageFields.HEADER)) {
      return header(part.substring(MessageFields.HEADER.length()), messageOfRow);
    }
    if (part.equals(MessageFields.ID)) {
      return texts(messageOfRow, message -> ids[message]);
    }
    if (part.equals(MessageFields.TIMESTAMP)) {
      long scale = field.type().equals(DataType.LONG) ? 1 : MICROS_PER_MILLI;
      long[] times = timestamps(messageOfRow);
      for (int row = 0; row < rows; row++) {
        times[row] *= scale;
      }
      return new LongColumn(field.type(), rows, times, null);
    }
    if (part.equals(numberPart)) {
      long[] numbers = new long[rows];
      for (int row = 0; row < rows; row++) {
        numbers[row] = slices.line(messageOfRow[row]);
      }
      return new LongColumn(rows, numbers);
    }
    return constant(field, part, constants.get(part), rows);
  }

  private StringColumn header(String name, int[] messageOfRow) {
    return texts(
        messageOfRow,
        message -> {
          Map<String, String> ofMessage = anyHeaders ? headers[message] : null;
          return ofMessage == null ? null : ofMessage.get(name);
        });
  }

  /** Texts of messages, by their numbers within the batch. */
  private interface TextOf {
    @Nullable String text(int message);
  }

  private static StringColumn texts(int[] messageOfRow, TextOf texts) {
    int rows = messageOfRow.length;
    @Nullable String[] values = new @Nullable String[rows];
    long[] nulls = null;
    for (int row = 0; row < rows; row++) {
      values[row] = texts.text(messageOfRow[row]);
      if (values[row] == null) {
        nulls = nulls == null ? NullBits.create(rows) : nulls;
        NullBits.set(nulls, row);
      }
    }
    return StringColumn.of(rows, values, nulls);
  }

  private static Column constant(Field field, String part, @Nullable Object value, int rows) {
    if (value instanceof String text) {
      MessageFields.checkType(field, part, DataType.STRING);
      return StringColumn.ofDictionary(rows, new int[rows], new String[] {text}, null);
    }
    if (value instanceof Long number) {
      MessageFields.checkType(field, part, DataType.LONG);
      long[] numbers = new long[rows];
      Arrays.fill(numbers, number);
      return new LongColumn(rows, numbers);
    }
    throw new IllegalArgumentException("nothing is known of '" + part + "'");
  }

  /**
   * Decodes a message that was read before, whose time, key and headers are known no more; see
   * {@link io.fluxcore.application.connector.SourceReader#decode}.
   *
   * @param timestampMillis the time that it gets
   */
  public Decoded decode(byte[] record, long timestampMillis) {
    Decoded single = format.isBinary() ? whole(record) : SingleRecord.decode(newDecoder(), record);
    EventBatch batch = single.batch();
    int rows = batch.rowCount();
    if (decoded.size() < wanted.size()) {
      Column[] columns = new Column[wanted.size()];
      int next = 0;
      for (int i = 0; i < columns.length; i++) {
        columns[i] =
            fields.part(wanted.field(i).name()) == null
                ? batch.column(next++)
                : nothing(wanted.type(i), rows);
      }
      batch = batch.withColumns(wanted, columns);
    }
    long[] times = new long[rows];
    Arrays.fill(times, timestampMillis);
    return new Decoded(
        batch.withTimestamps(times).withEnvelope(Envelope.ofSource(source)), single.bad());
  }

  private Decoded whole(byte[] record) {
    RecordSlices one = new RecordSlices();
    one.reset(record);
    one.add(0, record.length, 1);
    List<BadRecord> bad = new ArrayList<>();
    RecordDecoder single = newDecoder();
    single.decode(
        one, (number, code, message) -> bad.add(new BadRecord(record, "", code, message)));
    return new Decoded(single.build(), bad);
  }

  private static Column nothing(DataType type, int rows) {
    ColumnBuilder column = new ColumnBuilder(type, rows);
    for (int row = 0; row < rows; row++) {
      column.appendNull();
    }
    return column.build();
  }
}
