package io.fluxcore.adapters.out.format;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** The Avro schemas that rows are written by. */
final class AvroSchemas {
  static final String WRONG = "FLX-FORMAT-0201";

  private AvroSchemas() {}

  /**
   * The schema of a file.
   *
   * @param place the option that names it
   */
  static Schema parse(Path file, String place) {
    try {
      return parse(Files.readString(file), place);
    } catch (IOException e) {
      throw FluxCoreException.user(
          WRONG, Place.of(place), "cannot read " + file + ": " + e, "let this user read it");
    }
  }

  /**
   * The schema of a text.
   *
   * @param place the option that it comes from
   */
  static Schema parse(String text, String place) {
    Schema schema;
    try {
      schema = new Schema.Parser().parse(text);
    } catch (AvroRuntimeException e) {
      throw FluxCoreException.user(
          WRONG, Place.of(place), "it is no Avro schema: " + e.getMessage(), "mend it");
    }
    if (schema.getType() != Schema.Type.RECORD) {
      throw FluxCoreException.user(
          WRONG,
          Place.of(place),
          "the Avro schema is of a " + schema.getType().getName() + ", and rows are records",
          "give the schema of a record");
    }
    return schema;
  }

  /**
   * The schema of rows: each field is a union of null, its default, and its type. Nested values are
   * JSON in a string.
   *
   * @param name full name of the record
   */
  static Schema of(io.fluxcore.domain.event.Schema rows, String name) {
    List<Diagnostic> problems = new ArrayList<>();
    for (String part : name.split("\\.", -1)) {
      checkName("recordName", part, problems);
    }
    rows.fieldNames().forEach(field -> checkName("format", field, problems));
    if (!problems.isEmpty()) {
      throw new FluxCoreException(ErrorCategory.USER, problems, null);
    }
    List<Schema.Field> fields = new ArrayList<>();
    for (Field field : rows.fields()) {
      fields.add(
          new Schema.Field(
              field.name(),
              Schema.createUnion(Schema.create(Schema.Type.NULL), type(field.type())),
              null,
              Schema.Field.NULL_DEFAULT_VALUE));
    }
    int point = name.lastIndexOf('.');
    return Schema.createRecord(
        name.substring(point + 1),
        null,
        point < 0 ? null : name.substring(0, point),
        false,
        fields);
  }

  private static void checkName(String place, String name, List<Diagnostic> problems) {
    if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      problems.add(
          Diagnostic.error(
              WRONG,
              Place.of(place),
              "'" + name + "' is no name in Avro",
              "use letters without marks, digits and '_' only; a projection renames fields"));
    }
  }

  private static Schema type(DataType type) {
    return switch (type.kind()) {
      case BOOLEAN -> Schema.create(Schema.Type.BOOLEAN);
      case LONG -> Schema.create(Schema.Type.LONG);
      case DOUBLE -> Schema.create(Schema.Type.DOUBLE);
      case STRING, NESTED -> Schema.create(Schema.Type.STRING);
      case BYTES -> Schema.create(Schema.Type.BYTES);
      case DECIMAL ->
          LogicalTypes.decimal(type.precision(), type.scale())
              .addToSchema(Schema.create(Schema.Type.BYTES));
      case DATE -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
      case TIMESTAMP ->
          LogicalTypes.localTimestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
      case TIMESTAMP_TZ ->
          LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
    };
  }
}
