package io.fluxcore.adapters.in.format;

import io.fluxcore.adapters.in.format.ChangeFields.Change;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Decodes Debezium's messages. The kind of a change stands behind the rows that it is about, so a
 * message is looked through once for where its parts are, and then the rows are decoded as JSON
 * objects are. Not thread-safe.
 */
final class DebeziumDecoder implements RecordDecoder {
  static final String NO_ROWS = "FLX-FORMAT-0022";

  private final JsonDecoder data;
  private final ChangeFields fields;
  private final RecordSlices object = new RecordSlices();
  private int[] recordsOfRows = new int[256];

  /** The schema of the last message that had one, and what it says. */
  private byte[] lastSchema = new byte[0];

  private DebeziumTypes types = DebeziumTypes.UNSAID;

  /** Where the parts of a message are; an index of -1: it has none. */
  private static final class Parts {
    int beforeFrom = -1;
    int beforeTo;
    int afterFrom = -1;
    int afterTo;
    int schemaFrom = -1;
    int schemaTo;
    @Nullable String op;
    @Nullable String database;
    @Nullable String schema;
    @Nullable String table;
    @Nullable Long sourceMillis;

    Change change() {
      return new Change(op == null ? "" : op, database, schema, table, sourceMillis);
    }
  }

  DebeziumDecoder(Schema wanted, FieldSettings settings, boolean keepRaw) {
    this.data = new JsonDecoder(wanted, settings, keepRaw);
    this.data.numbers(types);
    this.fields = new ChangeFields(wanted);
  }

  @Override
  public void decode(RecordSlices records, BadRecords bad) {
    for (int r = 0; r < records.count(); r++) {
      int rows = data.rows();
      try {
        decode(records, r);
      } catch (BadValue e) {
        reject(rows, r, e.code(), e.text(), bad);
      } catch (JacksonException e) {
        reject(rows, r, BadValue.SYNTAX, "it is not JSON: " + e.getOriginalMessage(), bad);
      }
    }
  }

  private void reject(int rows, int record, String code, String message, BadRecords bad) {
    if (data.rows() > rows) {
      throw new IllegalStateException("a bad change has left a row");
    }
    data.assembler().abandonRow();
    bad.bad(record, code, message);
  }

  private void decode(RecordSlices records, int record) {
    byte[] bytes = records.bytes();
    int from = records.start(record);
    int to = records.end(record);
    if (JsonDecoder.isWhite(bytes, from, to) || isNull(bytes, from, to)) {
      return;
    }
    Parts parts = parts(bytes, from, to);
    schema(parts, bytes);
    String op = parts.op;
    if (op == null) {
      throw new BadValue(
          BadValue.SYNTAX,
          "it is no change as Debezium writes them, which has an 'op': "
              + BadValue.shorten(bytes, from, to));
    }
    switch (op) {
      case "c", "r" -> after(parts, op, RowKind.INSERT, records, record);
      case "u" -> {
        // The row after first: when it is bad, the row before must not stay.
        if (parts.beforeFrom >= 0) {
          check(parts.afterFrom, parts.afterTo, bytes, op);
          row(parts.beforeFrom, parts.beforeTo, parts, RowKind.UPDATE_BEFORE, records, record);
        }
        after(parts, op, RowKind.UPDATE_AFTER, records, record);
      }
      case "d" -> {
        if (parts.beforeFrom < 0) {
          throw new BadValue(
              NO_ROWS, "a deletion that does not tell the row: 'before' is absent or null");
        }
        row(parts.beforeFrom, parts.beforeTo, parts, RowKind.DELETE, records, record);
      }
      case "t" ->
          throw new BadValue(
              NO_ROWS, "table " + parts.table + " was truncated, which no rows can tell");
      case "m" -> {}
      default -> throw new BadValue(BadValue.SYNTAX, "'op' is " + BadValue.shorten(op));
    }
  }

  private void after(Parts parts, String op, RowKind kind, RecordSlices records, int record) {
    if (parts.afterFrom < 0) {
      throw new BadValue(
          NO_ROWS, "a change of kind '" + op + "' without a row: 'after' is absent or null");
    }
    row(parts.afterFrom, parts.afterTo, parts, kind, records, record);
  }

  /** Whether a row can be decoded; it is taken back. */
  private void check(int from, int to, byte[] bytes, String op) {
    if (from < 0) {
      throw new BadValue(
          NO_ROWS, "a change of kind '" + op + "' without a row: 'after' is absent or null");
    }
    object.reset(bytes);
    object.add(from, to, 1);
    data.read(object).abandonRow();
  }

  private void row(int from, int to, Parts parts, RowKind kind, RecordSlices records, int record) {
    object.reset(records.bytes());
    object.add(from, to, 1);
    RowAssembler rows = data.read(object);
    fields.replaceIn(rows, parts.change());
    int row = rows.rows();
    if (row == recordsOfRows.length) {
      recordsOfRows = Arrays.copyOf(recordsOfRows, row * 2);
    }
    recordsOfRows[row] = record;
    rows.endRow(records, record, kind);
  }

  private static boolean isNull(byte[] bytes, int from, int to) {
    return to - from == 4
        && bytes[from] == 'n'
        && bytes[from + 1] == 'u'
        && bytes[from + 2] == 'l'
        && bytes[from + 3] == 'l';
  }

  /** Messages of one table have the same schema, byte by byte. */
  private void schema(Parts parts, byte[] bytes) {
    if (parts.schemaFrom < 0) {
      return;
    }
    if (!Arrays.equals(bytes, parts.schemaFrom, parts.schemaTo, lastSchema, 0, lastSchema.length)) {
      byte[] schema = Arrays.copyOfRange(bytes, parts.schemaFrom, parts.schemaTo);
      types = DebeziumTypes.of(schema);
      data.numbers(types);
      lastSchema = schema;
    }
  }

  private static Parts parts(byte[] bytes, int from, int to) {
    Parts parts = new Parts();
    try (JsonParser parser = JsonValues.parser(bytes, from, to)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new BadValue(
            BadValue.SYNTAX, "it is not a JSON object: " + BadValue.shorten(bytes, from, to));
      }
      members(parser, from, parts, true);
      if (parser.nextToken() != null) {
        throw new BadValue(BadValue.SYNTAX, "something follows the JSON object");
      }
    }
    return parts;
  }

  private static void members(JsonParser parser, int from, Parts parts, boolean top) {
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      JsonToken token = parser.nextToken();
      boolean object = token == JsonToken.START_OBJECT;
      switch (name) {
        case "payload" -> {
          if (top && object) {
            members(parser, from, parts, false);
          } else {
            parser.skipChildren();
          }
        }
        case "schema" -> {
          if (top && object) {
            parts.schemaFrom = start(parser, from);
            parser.skipChildren();
            parts.schemaTo = end(parser, from);
          } else {
            parser.skipChildren();
          }
        }
        case "before" -> {
          if (object) {
            parts.beforeFrom = start(parser, from);
            parser.skipChildren();
            parts.beforeTo = end(parser, from);
          } else {
            parser.skipChildren();
          }
        }
        case "after" -> {
          if (object) {
            parts.afterFrom = start(parser, from);
            parser.skipChildren();
            parts.afterTo = end(parser, from);
          } else {
            parser.skipChildren();
          }
        }
        case "op" -> parts.op = text(parser, token);
        case "source" -> {
          if (object) {
            source(parser, parts);
          } else {
            parser.skipChildren();
          }
        }
        default -> parser.skipChildren();
      }
    }
    if (parser.currentToken() != JsonToken.END_OBJECT) {
      throw new BadValue(BadValue.SYNTAX, "it is not JSON: the object has no end");
    }
  }

  private static void source(JsonParser parser, Parts parts) {
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      JsonToken token = parser.nextToken();
      switch (name) {
        case "db" -> parts.database = text(parser, token);
        case "schema" -> parts.schema = text(parser, token);
        case "table", "collection" -> parts.table = text(parser, token);
        case "ts_ms" ->
            parts.sourceMillis =
                token == JsonToken.VALUE_NUMBER_INT ? (Long) parser.getLongValue() : null;
        default -> parser.skipChildren();
      }
    }
  }

  private static @Nullable String text(JsonParser parser, JsonToken token) {
    if (token == JsonToken.VALUE_STRING) {
      return parser.getString();
    }
    parser.skipChildren();
    return null;
  }

  private static int start(JsonParser parser, int from) {
    return from + (int) parser.currentTokenLocation().getByteOffset();
  }

  private static int end(JsonParser parser, int from) {
    return from + (int) parser.currentLocation().getByteOffset();
  }

  @Override
  public int @Nullable [] recordsOfRows() {
    return Arrays.copyOf(recordsOfRows, data.rows());
  }

  @Override
  public int rows() {
    return data.rows();
  }

  @Override
  public EventBatch build() {
    return data.build();
  }
}
