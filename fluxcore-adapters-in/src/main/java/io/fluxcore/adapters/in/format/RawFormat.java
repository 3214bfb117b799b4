package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Messages whose bytes are not looked into: they are the only field, {@value #BYTES}. */
public final class RawFormat implements RecordFormat {
  /** The field. */
  public static final String BYTES = "bytes";

  static final Schema SCHEMA = Schema.of(new Field(BYTES, DataType.BYTES));

  /** The format; it has no options. */
  public static final RawFormat INSTANCE = new RawFormat();

  private RawFormat() {}

  @Override
  public Schema schema() {
    return SCHEMA;
  }

  @Override
  public boolean isBinary() {
    return true;
  }

  /** Bytes have no end of their own. */
  @Override
  public RecordFramer framer(byte @Nullable [] header) {
    throw new UnsupportedOperationException("raw bytes are no records of a stream");
  }

  @Override
  public RecordDecoder decoder(Schema wanted, boolean keepRaw, byte @Nullable [] header) {
    for (Field field : wanted.fields()) {
      if (!field.equals(SCHEMA.field(0))) {
        throw FluxCoreException.user(
            "FLX-FORMAT-0104",
            Place.of("format"),
            "raw messages have no field '" + field.name() + "' of type " + field.type(),
            "their only field is " + BYTES + ", of type bytes; set format: json for others");
      }
    }
    return new Whole(new RowAssembler(wanted, keepRaw ? bytes -> Map.of(BYTES, bytes) : null));
  }

  /** Takes each record as it is. */
  private record Whole(RowAssembler assembler) implements RecordDecoder {
    @Override
    public void decode(RecordSlices records, BadRecords bad) {
      boolean wanted = assembler.columns() > 0;
      for (int r = 0; r < records.count(); r++) {
        if (wanted) {
          assembler
              .column(0)
              .append(Arrays.copyOfRange(records.bytes(), records.start(r), records.end(r)));
        }
        assembler.endRow(records, r);
      }
    }

    @Override
    public int rows() {
      return assembler.rows();
    }

    @Override
    public EventBatch build() {
      return assembler.build();
    }
  }
}
