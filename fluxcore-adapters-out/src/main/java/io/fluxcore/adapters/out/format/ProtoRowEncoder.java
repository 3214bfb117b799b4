package io.fluxcore.adapters.out.format;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.RecordFailures;
import java.util.ArrayList;
import java.util.List;

/** Rows as messages of a Protobuf type, by the names of the fields. */
final class ProtoRowEncoder implements RowEncoder {
  private final byte[] prefix;
  private final List<ProtoColumn> columns = new ArrayList<>();
  private final BinaryOutput row = new BinaryOutput();
  private final TextValues texts = new TextValues();

  /**
   * An encoder.
   *
   * @param prefix what every message begins with
   * @throws FluxCoreException if the rows do not go with the type, with all reasons
   */
  ProtoRowEncoder(Schema rows, Descriptor type, byte[] prefix) {
    this.prefix = prefix;
    List<Diagnostic> problems = new ArrayList<>();
    for (Field field : rows.fields()) {
      FieldDescriptor own = type.findFieldByName(field.name());
      ProtoColumn column = own == null ? null : ProtoColumn.of(own, field.type());
      if (own == null) {
        problems.add(
            problem(
                "the type " + type.getFullName() + " has no field '" + field.name() + "'",
                "leave it out before the sink, or add it to the type"));
      } else if (column == null) {
        problems.add(
            problem(
                "field '"
                    + field.name()
                    + "' is "
                    + field.type()
                    + ", and the type "
                    + type.getFullName()
                    + " has "
                    + own.getType()
                    + " for it",
                "convert it before the sink"));
      } else {
        columns.add(column);
      }
    }
    for (FieldDescriptor own : type.getFields()) {
      if (own.isRequired() && rows.find(own.getName()) == null) {
        problems.add(
            problem(
                "the type "
                    + type.getFullName()
                    + " requires a field '"
                    + own.getName()
                    + "', and the rows have none",
                "add it before the sink"));
      }
    }
    if (!problems.isEmpty()) {
      throw new FluxCoreException(ErrorCategory.USER, problems, null);
    }
  }

  private static Diagnostic problem(String message, String remedy) {
    return Diagnostic.error(ProtoSchemas.WRONG, Place.of("format"), message, remedy);
  }

  @Override
  public void encodeHeader(RowBuffer out) {}

  @Override
  public void encode(EventBatch batch, RecordFailures failures, RowBuffer out) {
    for (int i = 0; i < batch.size(); i++) {
      int at = batch.row(i);
      RowKind kind = batch.rowKind(at);
      if (kind != RowKind.INSERT) {
        failures.failed(batch, at, RefusedRows.notAnInsertion(kind, "Protobuf"));
        continue;
      }
      row.reset();
      try {
        for (int c = 0; c < columns.size(); c++) {
          columns.get(c).write(batch.column(c), at, row, texts);
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
