package io.fluxcore.adapters.out.format;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.operator.RecordFailures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/** Rows as records of an Avro schema, one message each, by the names of the fields. */
final class AvroRowEncoder implements RowEncoder {
  private final byte[] prefix;
  private final List<Step> steps = new ArrayList<>();
  private final BinaryOutput row = new BinaryOutput();
  private final TextValues texts = new TextValues();

  /**
   * A field of the schema.
   *
   * @param writer of the column; null: the default is written
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Step(int column, @Nullable AvroColumn writer, byte[] value) {}

  /**
   * An encoder.
   *
   * @param prefix what every message begins with
   * @throws FluxCoreException if the rows do not go with the schema, with all reasons
   */
  AvroRowEncoder(io.fluxcore.domain.event.Schema rows, Schema schema, byte[] prefix) {
    this.prefix = prefix;
    List<Diagnostic> problems = new ArrayList<>();
    List<String> left = new ArrayList<>(rows.fieldNames());
    for (Schema.Field member : schema.getFields()) {
      left.remove(member.name());
      Field field = rows.find(member.name());
      if (field != null) {
        AvroColumn writer = AvroColumn.of(field.name(), member.schema(), field.type());
        if (writer == null) {
          problems.add(
              problem(
                  "field '"
                      + field.name()
                      + "' is "
                      + field.type()
                      + ", and the Avro schema "
                      + schema.getFullName()
                      + " has "
                      + member.schema()
                      + " for it",
                  "convert it before the sink"));
        } else {
          steps.add(new Step(rows.ordinal(field.name()), writer, new byte[0]));
        }
      } else if (member.hasDefaultValue()) {
        steps.add(new Step(-1, null, defaultValue(member)));
      } else {
        problems.add(
            problem(
                "the Avro schema "
                    + schema.getFullName()
                    + " has a field '"
                    + member.name()
                    + "' without a default, and the rows have none",
                "add it before the sink"));
      }
    }
    for (String name : left) {
      problems.add(
          problem(
              "the Avro schema " + schema.getFullName() + " has no field '" + name + "'",
              "leave it out before the sink, or add it to the schema"));
    }
    if (!problems.isEmpty()) {
      throw new FluxCoreException(ErrorCategory.USER, problems, null);
    }
  }

  private static Diagnostic problem(String message, String remedy) {
    return Diagnostic.error(AvroSchemas.WRONG, Place.of("format"), message, remedy);
  }

  /** The default of a field in Avro's encoding. */
  static byte[] defaultValue(Schema.Field field) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    try {
      new GenericDatumWriter<>(field.schema())
          .write(GenericData.get().getDefaultValue(field), encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  @Override
  public void encodeHeader(RowBuffer out) {}

  @Override
  public void encode(EventBatch batch, RecordFailures failures, RowBuffer out) {
    for (int i = 0; i < batch.size(); i++) {
      int at = batch.row(i);
      RowKind kind = batch.rowKind(at);
      if (kind != RowKind.INSERT) {
        failures.failed(batch, at, RefusedRows.notAnInsertion(kind, "Avro"));
        continue;
      }
      row.reset();
      try {
        for (Step step : steps) {
          if (step.writer == null) {
            row.writeFixed(step.value);
          } else {
            step.writer.write(batch.column(step.column), at, row, texts);
          }
        }
      } catch (RecordException e) {
        failures.failed(batch, at, e);
        continue;
      }
      out.writeBytes(prefix);
      row.writeTo(out);
      out.endRow(at);
    }
  }
}
