package io.fluxcore.adapters.in.format;

import io.fluxcore.adapters.in.format.ChangeFields.Change;
import io.fluxcore.domain.event.Schema;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.jspecify.annotations.Nullable;

/**
 * Debezium's envelope of a change by one schema of Avro: where the row before and the row after are
 * in a message, and what is said beside. Used by one thread at a time.
 */
final class ChangeEnvelope {
  private static final String BEFORE = "before";
  private static final String AFTER = "after";

  private final AvroType root;
  private final AvroPlan row;
  private final List<String> names;

  /** Places of the parts of the last message that was looked through; -1: it has none. */
  private int beforeFrom;

  private int beforeTo;
  private int afterFrom;
  private int afterTo;
  private @Nullable Change change;

  private ChangeEnvelope(AvroType root, AvroPlan row, List<String> names) {
    this.root = root;
    this.row = row;
    this.names = names;
  }

  /**
   * An envelope.
   *
   * @throws BadValue if the schema is none of changes, or the fields cannot be had from it
   */
  static ChangeEnvelope of(org.apache.avro.Schema schema, Schema wanted, FieldSettings settings) {
    AvroPlan row = AvroPlan.of(rowOf(schema), null, wanted, settings);
    return new ChangeEnvelope(
        AvroType.of(schema),
        row,
        schema.getFields().stream().map(org.apache.avro.Schema.Field::name).toList());
  }

  /** The fields of the rows that changes are about. */
  static Schema fields(org.apache.avro.Schema schema) {
    return AvroSchemas.fields(rowOf(schema));
  }

  /** The schema of the rows; times have the types that Debezium's names for them say. */
  private static org.apache.avro.Schema rowOf(org.apache.avro.Schema schema) {
    org.apache.avro.Schema.Field after =
        schema.getType() == org.apache.avro.Schema.Type.RECORD ? schema.getField(AFTER) : null;
    org.apache.avro.Schema row = after == null ? null : recordOf(after.schema());
    if (row == null || schema.getField("op") == null) {
      throw new BadValue(
          SchemaRegistry.BAD_SCHEMA,
          "the schema "
              + schema.getFullName()
              + " is none of Debezium's changes, which have a record 'after' and an 'op'");
    }
    org.apache.avro.Schema.Field before = schema.getField(BEFORE);
    if (before != null && !row.equals(recordOf(before.schema()))) {
      throw new BadValue(
          SchemaRegistry.BAD_SCHEMA,
          "in the schema " + schema.getFullName() + " rows before and after have different fields");
    }
    row.getFields().forEach(field -> nameTimes(field.schema()));
    return row;
  }

  private static org.apache.avro.@Nullable Schema recordOf(org.apache.avro.Schema schema) {
    if (schema.getType() == org.apache.avro.Schema.Type.RECORD) {
      return schema;
    }
    if (schema.getType() == org.apache.avro.Schema.Type.UNION) {
      for (org.apache.avro.Schema branch : schema.getTypes()) {
        if (branch.getType() == org.apache.avro.Schema.Type.RECORD) {
          return branch;
        }
      }
    }
    return null;
  }

  private static void nameTimes(org.apache.avro.Schema schema) {
    if (schema.getType() == org.apache.avro.Schema.Type.UNION) {
      schema.getTypes().forEach(ChangeEnvelope::nameTimes);
      return;
    }
    LogicalType time =
        switch (String.valueOf(schema.getProp("connect.name"))) {
          case "io.debezium.time.Date" -> LogicalTypes.date();
          case "io.debezium.time.Timestamp" -> LogicalTypes.localTimestampMillis();
          case "io.debezium.time.MicroTimestamp" -> LogicalTypes.localTimestampMicros();
          case "io.debezium.time.NanoTimestamp" -> LogicalTypes.localTimestampNanos();
          default -> null;
        };
    if (time != null && schema.getLogicalType() == null) {
      time.addToSchema(schema);
    }
  }

  /**
   * Looks a message through.
   *
   * @param in stands at its beginning
   */
  void find(AvroInput in) {
    beforeFrom = -1;
    afterFrom = -1;
    String op = null;
    Map<?, ?> source = Map.of();
    for (int i = 0; i < names.size(); i++) {
      AvroType type = root.part(i);
      switch (names.get(i)) {
        case BEFORE -> {
          AvroType branch = branch(type, in);
          beforeFrom = branch.kind() == AvroType.Kind.RECORD ? in.position() : -1;
          branch.skip(in);
          beforeTo = in.position();
        }
        case AFTER -> {
          AvroType branch = branch(type, in);
          afterFrom = branch.kind() == AvroType.Kind.RECORD ? in.position() : -1;
          branch.skip(in);
          afterTo = in.position();
        }
        case "op" -> op = type.read(in) instanceof String text ? text : null;
        case "source" -> source = type.read(in) instanceof Map<?, ?> map ? map : Map.of();
        default -> type.skip(in);
      }
    }
    if (in.remaining() > 0) {
      throw AvroInput.damaged(in.remaining() + " bytes follow its last field");
    }
    if (op == null) {
      throw new BadValue(BadValue.SYNTAX, "it is no change as Debezium writes them: 'op' is null");
    }
    Object table = source.get("table") == null ? source.get("collection") : source.get("table");
    change =
        new Change(
            op,
            text(source.get("db")),
            text(source.get("schema")),
            text(table),
            source.get("ts_ms") instanceof Long millis ? millis : null);
  }

  private static AvroType branch(AvroType type, AvroInput in) {
    return type.kind() == AvroType.Kind.UNION ? type.part(type.readIndex(in)) : type;
  }

  private static @Nullable String text(@Nullable Object value) {
    return value instanceof String text ? text : null;
  }

  /** What the message says of the change. */
  Change change() {
    Change found = change;
    if (found == null) {
      throw new IllegalStateException("no message was looked through");
    }
    return found;
  }

  boolean hasBefore() {
    return beforeFrom >= 0;
  }

  boolean hasAfter() {
    return afterFrom >= 0;
  }

  /** Appends the values of one of the rows, which the message has. */
  void read(boolean after, AvroInput in, AvroInput defaults, RowAssembler rows) {
    in.reset(in.bytes(), after ? afterFrom : beforeFrom, after ? afterTo : beforeTo);
    row.read(in, defaults, rows);
  }

  /** All of a message, as nested values. */
  @SuppressWarnings("unchecked") // a record is a map of strings
  Map<String, @Nullable Object> members(AvroInput in) {
    Object value = root.read(in);
    return value == null ? Map.of() : (Map<String, @Nullable Object>) value;
  }
}
