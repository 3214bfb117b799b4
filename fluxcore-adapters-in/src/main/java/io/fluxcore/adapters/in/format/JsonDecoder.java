package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.sym.PropertyNameMatcher;
import tools.jackson.core.util.Named;

/**
 * Decodes JSON lines with one parser for many records. A parser a record would cost as much as
 * decoding a small one, so the parser runs over all records of a slice as over a sequence of
 * values, and each object is checked to begin and end within its own line: a broken line must not
 * swallow its neighbour. After an error a new parser starts at the next line. Not thread-safe.
 */
final class JsonDecoder implements RecordDecoder {
  private final RowAssembler rows;
  private final Schema wanted;
  private final FieldSettings settings;

  /** Whether all members are texts, of whatever type. */
  private final boolean ofTexts;

  private final JsonField[] fields;
  private final PropertyNameMatcher matcher;

  /** The wanted fields' names, then those that are only required. */
  private final String[] names;

  private final boolean[] required;

  /** For each name, the number of the record in which it was last seen. */
  private final long[] seenIn;

  private long recordNumber;

  private @Nullable JsonParser parser;

  /** Where the parser's input begins. */
  private int parserStart;

  JsonDecoder(Schema wanted, FieldSettings settings, boolean keepRaw) {
    this(wanted, settings, keepRaw, false);
  }

  /**
   * A decoder.
   *
   * @param ofTexts whether all members are texts, of whatever type
   */
  JsonDecoder(Schema wanted, FieldSettings settings, boolean keepRaw, boolean ofTexts) {
    this.ofTexts = ofTexts;
    this.rows = new RowAssembler(wanted, keepRaw ? JsonValues::members : null);
    this.wanted = wanted;
    this.settings = settings;
    this.fields = new JsonField[wanted.size()];
    List<String> all = new ArrayList<>(wanted.fieldNames());
    numbers(JsonNumbers.PLAIN);
    for (String name : settings.required()) {
      if (!all.contains(name)) {
        all.add(name);
      }
    }
    this.names = all.toArray(new String[0]);
    this.required = new boolean[names.length];
    for (int i = 0; i < names.length; i++) {
      required[i] = settings.required().contains(names[i]);
    }
    this.seenIn = new long[names.length];
    this.matcher =
        JsonValues.FACTORY.constructNameMatcher(
            all.stream().map(Named::fromString).toList(), false);
  }

  /** Says what numbers and texts of numbers mean in the objects to come. */
  void numbers(JsonNumbers numbers) {
    for (int i = 0; i < fields.length; i++) {
      fields[i] = new JsonField(wanted.field(i), settings, numbers, ofTexts);
    }
  }

  @Override
  public void decode(RecordSlices records, BadRecords bad) {
    for (int r = 0; r < records.count(); r++) {
      try {
        decode(records, r);
        rows.endRow(records, r);
      } catch (BadValue e) {
        reject(r, e.code(), e.text(), bad);
      } catch (JacksonException e) {
        reject(r, BadValue.SYNTAX, "it is not JSON: " + e.getOriginalMessage(), bad);
      } catch (NumberFormatException e) {
        // Jackson lets through what BigDecimal says of an absurd exponent.
        reject(r, BadValue.WRONG_TYPE, "a number is out of any range: " + e.getMessage(), bad);
      }
    }
    endParser();
  }

  /**
   * Reads an object into the columns of a row, which the caller ends or abandons.
   *
   * @param object the only record
   * @return the columns
   * @throws BadValue if it is bad
   */
  RowAssembler read(RecordSlices object) {
    try {
      decode(object, 0);
      return rows;
    } catch (JacksonException e) {
      throw new BadValue(BadValue.SYNTAX, "it is not JSON: " + e.getOriginalMessage());
    } catch (NumberFormatException e) {
      throw new BadValue(BadValue.WRONG_TYPE, "a number is out of any range: " + e.getMessage());
    } finally {
      endParser();
    }
  }

  RowAssembler assembler() {
    return rows;
  }

  private void reject(int record, String code, String message, BadRecords bad) {
    rows.abandonRow();
    endParser();
    bad.bad(record, code, message);
  }

  private void endParser() {
    if (parser != null) {
      parser.close();
      parser = null;
    }
  }

  private void decode(RecordSlices records, int record) {
    byte[] bytes = records.bytes();
    int start = records.start(record);
    int end = records.end(record);
    JsonParser p = parser;
    if (p == null) {
      parserStart = start;
      p = JsonValues.parser(bytes, start, records.end(records.count() - 1));
      parser = p;
    }
    JsonToken first = p.nextToken();
    if (first != JsonToken.START_OBJECT
        || parserStart + p.currentTokenLocation().getByteOffset() >= end) {
      throw new BadValue(
          BadValue.SYNTAX, "it is not a JSON object: " + BadValue.shorten(bytes, start, end));
    }
    recordNumber++;
    members(p);
    long last = parserStart + p.currentLocation().getByteOffset();
    if (last > end) {
      throw new BadValue(BadValue.SYNTAX, "it is not JSON: the object has no end");
    }
    if (last < end && !isWhite(bytes, (int) last, end)) {
      throw new BadValue(
          BadValue.SYNTAX,
          "something follows the JSON object: " + BadValue.shorten(bytes, (int) last, end));
    }
    finish();
  }

  private void members(JsonParser p) {
    while (true) {
      int match = p.nextNameMatch(matcher);
      if (match >= 0) {
        p.nextToken();
        member(p, match);
      } else if (match == PropertyNameMatcher.MATCH_UNKNOWN_NAME) {
        p.nextToken();
        p.skipChildren();
      } else if (match == PropertyNameMatcher.MATCH_END_OBJECT) {
        return;
      } else {
        throw new BadValue(BadValue.SYNTAX, "it is not JSON");
      }
    }
  }

  private void member(JsonParser p, int ordinal) {
    boolean isNull = p.currentToken() == JsonToken.VALUE_NULL;
    boolean again = seenIn[ordinal] == recordNumber;
    seenIn[ordinal] = isNull && required[ordinal] ? 0 : recordNumber;
    if (ordinal >= fields.length) {
      p.skipChildren();
      return;
    }
    ColumnBuilder column = rows.column(ordinal);
    if (again || column.size() > rows.rows()) {
      column.removeLast();
    }
    if (isNull) {
      column.appendNull();
    } else {
      fields[ordinal].append(p, column);
    }
  }

  /** Absent fields are null, and required ones are there. */
  private void finish() {
    for (int i = 0; i < names.length; i++) {
      if (seenIn[i] != recordNumber) {
        if (required[i]) {
          throw BadValue.missing(names[i]);
        }
        rows.column(i).appendNull();
      }
    }
  }

  static boolean isWhite(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  @Override
  public int rows() {
    return rows.rows();
  }

  @Override
  public EventBatch build() {
    return rows.build();
  }

  /** Appends JSON values of one field to its column. */
  private static final class JsonField {
    private final String name;
    private final DataType type;
    private final TextField text;

    /** How a number is a time; null: like a text of the field's format. */
    private final @Nullable EpochFormat epoch;

    /** Digits after the point of decimals whose unscaled bytes are given; -1: as numbers. */
    private final int unscaled;

    private final boolean isText;

    JsonField(Field field, FieldSettings settings, JsonNumbers numbers, boolean isText) {
      this.isText = isText;
      this.name = field.name();
      this.type = field.type();
      this.text = new TextField(name, type, settings);
      this.epoch = epoch(field, settings, numbers);
      this.unscaled = type.kind() == DataType.Kind.DECIMAL ? numbers.scaleOfBytes(name) : -1;
    }

    private static @Nullable EpochFormat epoch(
        Field field, FieldSettings settings, JsonNumbers numbers) {
      DataType type = field.type();
      return switch (type.kind()) {
        case DATE, TIMESTAMP, TIMESTAMP_TZ -> {
          TimeFormat format = settings.timeFormat(field.name(), type);
          if (format instanceof EpochFormat given) {
            yield given;
          }
          yield format instanceof IsoTimeFormat
              ? new EpochFormat(type, numbers.microsPerUnit(field), "a number")
              : null;
        }
        default -> null;
      };
    }

    void append(JsonParser p, ColumnBuilder column) {
      JsonToken token = p.currentToken();
      if (isText && token == JsonToken.VALUE_STRING) {
        inText(p, token, column);
        return;
      }
      switch (type.kind()) {
        case LONG -> column.appendLong(integer(p, token));
        case DOUBLE -> number(p, token, column);
        case STRING -> {
          if (token != JsonToken.VALUE_STRING) {
            throw wrong(p);
          }
          column.appendString(p.getString());
        }
        case BOOLEAN -> {
          if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
            throw wrong(p);
          }
          column.appendBoolean(token == JsonToken.VALUE_TRUE);
        }
        case DECIMAL -> decimal(p, token, column);
        case NESTED -> column.append(JsonValues.read(p));
        default -> time(p, token, column);
      }
    }

    private long integer(JsonParser p, JsonToken token) {
      if (token == JsonToken.VALUE_NUMBER_INT
          && p.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
        return p.getLongValue();
      }
      if (token == JsonToken.VALUE_NUMBER_FLOAT) {
        BigDecimal value = p.getDecimalValue();
        if (Decimals.isLong(value)) {
          return Decimals.toLong(value);
        }
      }
      throw wrong(p);
    }

    private void number(JsonParser p, JsonToken token, ColumnBuilder column) {
      if (isNumber(token)) {
        column.appendDouble(p.getDoubleValue());
        return;
      }
      if (token == JsonToken.VALUE_STRING) {
        String value = p.getString();
        if (value.equals("NaN") || value.equals("Infinity") || value.equals("-Infinity")) {
          column.appendDouble(Double.parseDouble(value));
          return;
        }
      }
      throw wrong(p);
    }

    private void decimal(JsonParser p, JsonToken token, ColumnBuilder column) {
      if (unscaled >= 0 && token == JsonToken.VALUE_STRING) {
        column.append(ofBytes(p));
        return;
      }
      if (!isNumber(token)) {
        inText(p, token, column);
        return;
      }
      BigDecimal value = Decimals.fit(type, p.getDecimalValue());
      if (value == null) {
        throw wrong(p);
      }
      column.append(value);
    }

    private BigDecimal ofBytes(JsonParser p) {
      try {
        byte[] bytes = Base64.getDecoder().decode(p.getString());
        BigDecimal value =
            bytes.length == 0
                ? null
                : Decimals.fit(type, new BigDecimal(new BigInteger(bytes), unscaled));
        if (value != null) {
          return value;
        }
      } catch (IllegalArgumentException e) {
        throw wrong(p);
      }
      throw wrong(p);
    }

    /** Dates, timestamps and bytes. */
    private void time(JsonParser p, JsonToken token, ColumnBuilder column) {
      if (epoch == null || !isNumber(token)) {
        inText(p, token, column);
        return;
      }
      long value = epoch.of(p.getDecimalValue());
      if (value == TimeFormat.NONE) {
        throw wrong(p);
      }
      column.appendLong(value);
    }

    private static boolean isNumber(JsonToken token) {
      return token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT;
    }

    private void inText(JsonParser p, JsonToken token, ColumnBuilder column) {
      if (token != JsonToken.VALUE_STRING && !(type.isLongBacked() && isNumber(token))) {
        throw wrong(p);
      }
      byte[] value = p.getString().getBytes(StandardCharsets.UTF_8);
      text.append(value, 0, value.length, column);
    }

    private BadValue wrong(JsonParser p) {
      JsonToken token = p.currentToken();
      String shown =
          token == JsonToken.START_OBJECT
              ? "an object"
              : token == JsonToken.START_ARRAY ? "an array" : p.getString();
      return BadValue.wrongType(
          name, type, token == JsonToken.VALUE_STRING ? '"' + shown + '"' : shown);
    }
  }
}
