package io.fluxcore.adapters.out.format;

import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.BytesColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.NestedColumn;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.operator.RecordFailures;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.json.JsonFactory;

/** JSON lines by Jackson's generator. Numbers that JSON does not have are strings. */
final class JsonRowEncoder implements RowEncoder {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .rootValueSeparator("")
          .build();
  private static final SerializedString KIND = new SerializedString(RowKinds.FIELD);

  private final RowKinds rowKinds;
  private final byte[] prefix;
  private final SerializedString[] names;
  private final TimeText times = new TimeText();
  private final StringBuilder text = new StringBuilder();

  JsonRowEncoder(Schema schema, RowKinds rowKinds) {
    this(schema, rowKinds, new byte[0]);
  }

  /**
   * An encoder.
   *
   * @param prefix what every row begins with
   */
  JsonRowEncoder(Schema schema, RowKinds rowKinds, byte[] prefix) {
    this.rowKinds = rowKinds;
    this.prefix = prefix;
    this.names = new SerializedString[schema.size()];
    for (int i = 0; i < names.length; i++) {
      names[i] = new SerializedString(schema.field(i).name());
    }
  }

  @Override
  public void encodeHeader(RowBuffer out) {}

  @Override
  public void encode(EventBatch batch, RecordFailures failures, RowBuffer out) {
    JsonGenerator generator = generator(out);
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      RowKind kind = batch.rowKind(row);
      if (kind != RowKind.INSERT && rowKinds == RowKinds.NEVER) {
        failures.failed(batch, row, RefusedRows.notAnInsertion(kind, "this JSON"));
        continue;
      }
      int start = out.size();
      try {
        out.writeBytes(prefix);
        encode(batch, row, kind, generator);
        generator.flush();
        out.endRow(row);
      } catch (JacksonException e) {
        out.truncate(start);
        generator = generator(out);
        failures.failed(batch, row, RefusedRows.notEncodable("JSON", e));
      }
    }
  }

  private static JsonGenerator generator(RowBuffer out) {
    return FACTORY.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8);
  }

  private void encode(EventBatch batch, int row, RowKind kind, JsonGenerator generator) {
    generator.writeStartObject();
    if (rowKinds == RowKinds.ALWAYS || kind != RowKind.INSERT) {
      generator.writeName(KIND);
      generator.writeString(kind.sign());
    }
    for (int c = 0; c < names.length; c++) {
      generator.writeName(names[c]);
      Column column = batch.column(c);
      if (column.isNull(row)) {
        generator.writeNull();
      } else {
        value(column, row, generator);
      }
    }
    generator.writeEndObject();
  }

  private void value(Column column, int row, JsonGenerator generator) {
    if (column instanceof LongColumn longs) {
      longBacked(longs.type(), longs.value(row), generator);
    } else if (column instanceof StringColumn strings) {
      generator.writeString(strings.value(row));
    } else if (column instanceof DoubleColumn doubles) {
      number(doubles.value(row), generator);
    } else if (column instanceof BooleanColumn booleans) {
      generator.writeBoolean(booleans.value(row));
    } else if (column instanceof DecimalColumn decimals) {
      generator.writeNumber(decimals.value(row));
    } else if (column instanceof BytesColumn bytes) {
      generator.writeBinary(bytes.value(row));
    } else if (column instanceof NestedColumn nested) {
      nested(nested.value(row), generator);
    }
  }

  private void longBacked(DataType type, long value, JsonGenerator generator) {
    switch (type.kind()) {
      case DATE -> generator.writeString(times.date(value));
      case TIMESTAMP, TIMESTAMP_TZ -> {
        text.setLength(0);
        times.timestamp(value, type.kind() == DataType.Kind.TIMESTAMP_TZ, text);
        generator.writeString(text.toString());
      }
      default -> generator.writeNumber(value);
    }
  }

  private static void number(double value, JsonGenerator generator) {
    if (Double.isFinite(value)) {
      generator.writeNumber(value);
    } else {
      generator.writeString(Double.toString(value));
    }
  }

  static void nested(@Nullable Object value, JsonGenerator generator) {
    if (value == null) {
      generator.writeNull();
    } else if (value instanceof Map<?, ?> map) {
      generator.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        generator.writeName(String.valueOf(entry.getKey()));
        nested(entry.getValue(), generator);
      }
      generator.writeEndObject();
    } else if (value instanceof List<?> list) {
      generator.writeStartArray();
      for (Object item : list) {
        nested(item, generator);
      }
      generator.writeEndArray();
    } else if (value instanceof Boolean bool) {
      generator.writeBoolean(bool);
    } else if (value instanceof Long number) {
      generator.writeNumber(number);
    } else if (value instanceof Double number) {
      number(number, generator);
    } else if (value instanceof BigDecimal number) {
      generator.writeNumber(number);
    } else {
      generator.writeString(value.toString());
    }
  }

  /** A nested value as JSON text. */
  static String nestedText(Object value) {
    StringWriter writer = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), writer)) {
      nested(value, generator);
    }
    return writer.toString();
  }
}
