package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.NameValidator;

/** What Avro's schemas are here: texts of them, and the fields that they give. */
final class AvroSchemas {
  /** The field of messages that are no records. */
  static final String VALUE = "value";

  private AvroSchemas() {}

  /**
   * Parses a schema.
   *
   * @throws BadValue if it is none
   */
  static org.apache.avro.Schema parse(String text) {
    try {
      return new org.apache.avro.Schema.Parser(NameValidator.UTF_VALIDATOR).parse(text);
    } catch (AvroRuntimeException e) {
      throw bad(e);
    }
  }

  /**
   * Parses a schema of a registry, with those that it refers to.
   *
   * @throws BadValue if it is none of Avro
   */
  static org.apache.avro.Schema parse(RegisteredSchema registered) {
    if (!registered.type().equals("AVRO")) {
      throw new BadValue(
          SchemaRegistry.BAD_SCHEMA, "the schema is of " + registered.type() + ", not of Avro");
    }
    try {
      org.apache.avro.Schema.Parser parser =
          new org.apache.avro.Schema.Parser(NameValidator.UTF_VALIDATOR);
      registered.references().forEach(reference -> parser.parse(reference.text()));
      return parser.parse(registered.text());
    } catch (AvroRuntimeException e) {
      throw bad(e);
    }
  }

  private static BadValue bad(AvroRuntimeException e) {
    return new BadValue(
        SchemaRegistry.BAD_SCHEMA, "the schema cannot be read as one of Avro: " + e.getMessage());
  }

  /** The fields of records of a schema. */
  static Schema fields(org.apache.avro.Schema schema) {
    Schema.Builder fields = Schema.builder();
    if (schema.getType() != org.apache.avro.Schema.Type.RECORD) {
      return fields.field(VALUE, type(schema)).build();
    }
    schema.getFields().forEach(field -> fields.field(field.name(), type(field.schema())));
    return fields.build();
  }

  private static DataType type(org.apache.avro.Schema schema) {
    LogicalType logical = schema.getLogicalType();
    String name = logical == null ? "" : logical.getName();
    return switch (schema.getType()) {
      case BOOLEAN -> DataType.BOOLEAN;
      case INT -> name.equals("date") ? DataType.DATE : DataType.LONG;
      case LONG ->
          name.startsWith("timestamp-")
              ? DataType.TIMESTAMP_TZ
              : name.startsWith("local-timestamp-") ? DataType.TIMESTAMP : DataType.LONG;
      case FLOAT, DOUBLE -> DataType.DOUBLE;
      case STRING, ENUM -> DataType.STRING;
      case BYTES, FIXED -> {
        if (logical instanceof LogicalTypes.Decimal decimal) {
          yield decimal(decimal);
        }
        yield name.equals("uuid") ? DataType.STRING : DataType.BYTES;
      }
      case UNION -> {
        List<org.apache.avro.Schema> others =
            schema.getTypes().stream()
                .filter(s -> s.getType() != org.apache.avro.Schema.Type.NULL)
                .toList();
        yield others.size() == 1 ? type(others.get(0)) : DataType.NESTED;
      }
      case NULL, RECORD, ARRAY, MAP -> DataType.NESTED;
    };
  }

  private static DataType decimal(LogicalTypes.Decimal decimal) {
    int precision = Math.min(decimal.getPrecision(), DataType.MAX_DECIMAL_PRECISION);
    return DataType.decimal(precision, Math.min(decimal.getScale(), precision));
  }
}
