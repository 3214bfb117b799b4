package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * How messages of one writer's schema become rows: each field of the writer, in its order, is
 * appended to a column or skipped, and the columns that the writer does not have get the default of
 * the reader's schema, or null. Fields are found by their names, and by the aliases that the
 * reader's schema gives them. Immutable; used by one thread at a time.
 */
final class AvroPlan {
  private final AvroType root;
  private final Step[] steps;
  private final Absent[] absent;

  private AvroPlan(AvroType root, Step[] steps, Absent[] absent) {
    this.root = root;
    this.steps = steps;
    this.absent = absent;
  }

  /**
   * A field of the writer.
   *
   * @param field null: skipped
   */
  private record Step(
      String name, AvroType type, @Nullable AvroField field, int column, boolean required) {}

  /**
   * A wanted field that the writer does not have.
   *
   * @param value its default in Avro's encoding; null: the row has null
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Absent(int column, @Nullable AvroField field, byte @Nullable [] value) {}

  /**
   * A plan.
   *
   * @param reader the schema that the user goes by, with aliases and defaults; null where there is
   *     none but the writer's
   * @throws BadValue if a field cannot be had from the writer's type
   */
  static AvroPlan of(
      org.apache.avro.Schema writer,
      org.apache.avro.@Nullable Schema reader,
      Schema wanted,
      FieldSettings settings) {
    AvroType root = AvroType.of(writer);
    Map<String, String> wantedNames = new LinkedHashMap<>();
    wanted.fieldNames().forEach(name -> wantedNames.put(writerName(name, writer, reader), name));
    List<String> required = new ArrayList<>();
    settings.required().forEach(name -> required.add(writerName(name, writer, reader)));
    boolean record = writer.getType() == org.apache.avro.Schema.Type.RECORD;
    int count = record ? root.partCount() : 1;
    Step[] steps = new Step[count];
    for (int i = 0; i < count; i++) {
      String name = record ? writer.getFields().get(i).name() : AvroSchemas.VALUE;
      AvroType type = record ? root.part(i) : root;
      String asked = wantedNames.remove(name);
      AvroField field = null;
      int column = -1;
      if (asked != null) {
        column = wanted.ordinal(asked);
        field = AvroField.of(type, wanted.field(column), settings);
        if (field == null) {
          throw new BadValue(
              BadValue.WRONG_TYPE,
              "field '" + asked + "' is " + type + ", not " + wanted.type(column));
        }
      }
      steps[i] = new Step(name, type, field, column, required.remove(name));
    }
    List<Absent> absent = new ArrayList<>();
    for (String name : wantedNames.values()) {
      absent.add(
          absent(wanted.ordinal(name), wanted.field(wanted.ordinal(name)), reader, settings));
    }
    for (String name : required) {
      if (reader == null
          || reader.getField(name) == null
          || !reader.getField(name).hasDefaultValue()) {
        throw BadValue.missing(name);
      }
    }
    return new AvroPlan(root, steps, absent.toArray(new Absent[0]));
  }

  /** What the writer calls a field. */
  private static String writerName(
      String name, org.apache.avro.Schema writer, org.apache.avro.@Nullable Schema reader) {
    if (writer.getType() != org.apache.avro.Schema.Type.RECORD
        || writer.getField(name) != null
        || reader == null
        || reader.getType() != org.apache.avro.Schema.Type.RECORD
        || reader.getField(name) == null) {
      return name;
    }
    for (String alias : reader.getField(name).aliases()) {
      if (writer.getField(alias) != null) {
        return alias;
      }
    }
    return name;
  }

  private static Absent absent(
      int column, Field field, org.apache.avro.@Nullable Schema reader, FieldSettings settings) {
    org.apache.avro.Schema.Field declared =
        reader == null || reader.getType() != org.apache.avro.Schema.Type.RECORD
            ? null
            : reader.getField(field.name());
    if (declared == null || !declared.hasDefaultValue()) {
      return new Absent(column, null, null);
    }
    AvroField of = AvroField.of(AvroType.of(declared.schema()), field, settings);
    if (of == null) {
      throw new BadValue(
          BadValue.WRONG_TYPE,
          "field '" + field.name() + "' is Avro " + declared.schema() + ", not " + field.type());
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    try {
      new GenericDatumWriter<>(declared.schema())
          .write(GenericData.get().getDefaultValue(declared), encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Absent(column, of, bytes.toByteArray());
  }

  /**
   * Appends the values of one message.
   *
   * @throws BadValue if it is bad
   */
  void read(AvroInput in, AvroInput defaults, RowAssembler rows) {
    for (Step step : steps) {
      if (step.required) {
        refuseNull(step, in);
      }
      AvroField field = step.field;
      if (field == null) {
        step.type.skip(in);
      } else {
        field.append(in, rows.column(step.column));
      }
    }
    if (in.remaining() > 0) {
      throw AvroInput.damaged(in.remaining() + " bytes follow its last field");
    }
    for (Absent one : absent) {
      AvroField field = one.field;
      byte[] value = one.value;
      if (field == null || value == null) {
        rows.column(one.column).appendNull();
      } else {
        defaults.reset(value, 0, value.length);
        field.append(defaults, rows.column(one.column));
      }
    }
  }

  private static void refuseNull(Step step, AvroInput in) {
    AvroType type = step.type;
    if (type.kind() == AvroType.Kind.UNION) {
      int position = in.position();
      type = type.part(type.readIndex(in));
      in.seek(position);
    }
    if (type.kind() == AvroType.Kind.NULL) {
      throw BadValue.missing(step.name);
    }
  }

  /** All fields of a message, whether wanted or not. */
  @SuppressWarnings("unchecked") // a record is a map of strings
  Map<String, @Nullable Object> members(AvroInput in) {
    Object value = root.read(in);
    if (root.kind() == AvroType.Kind.RECORD && value != null) {
      return (Map<String, @Nullable Object>) value;
    }
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put(AvroSchemas.VALUE, value);
    return members;
  }
}
