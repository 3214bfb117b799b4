package io.fluxcore.adapters.in.http;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Envelope;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.NullBits;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.event.StringColumn;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Takes the identity of events from one of their fields, whether or not the topology uses it. */
final class EventIds {
  private final Schema wanted;
  private final Schema decoded;
  private final int ordinal;

  /**
   * Ids of events.
   *
   * @param field null: events have none
   */
  EventIds(Schema wanted, @Nullable String field) {
    this.wanted = wanted;
    this.decoded =
        field == null || wanted.indexOf(field) >= 0
            ? wanted
            : wanted.with(new Field(field, DataType.STRING));
    this.ordinal = field == null ? -1 : decoded.ordinal(field);
    if (ordinal >= 0
        && !decoded.type(ordinal).equals(DataType.STRING)
        && !decoded.type(ordinal).equals(DataType.LONG)) {
      throw FluxCoreException.user(
          "FLX-HTTP-0003",
          Place.of("idField"),
          "field '" + field + "' is " + decoded.type(ordinal) + ", and an id is a string or a long",
          "declare it as one of them, or name another field");
    }
  }

  /** The fields to decode. */
  Schema decoded() {
    return decoded;
  }

  /** The batch with the fields that are wanted, and the ids. */
  EventBatch finish(EventBatch batch) {
    if (ordinal < 0) {
      return batch;
    }
    StringColumn ids = strings(batch.column(ordinal), batch.rowCount());
    EventBatch result =
        decoded.size() == wanted.size()
            ? batch
            : batch.withColumns(wanted, Arrays.copyOf(batch.columns(), wanted.size()));
    return result.withEnvelope(
        new Envelope(ids, batch.envelope().source(), null, null, null, null));
  }

  private static StringColumn strings(Column column, int rows) {
    if (column instanceof StringColumn strings) {
      return strings;
    }
    LongColumn longs = (LongColumn) column;
    @Nullable String[] texts = new @Nullable String[rows];
    for (int i = 0; i < rows; i++) {
      texts[i] = NullBits.isSet(longs.nulls(), i) ? null : Long.toString(longs.value(i));
    }
    return StringColumn.of(rows, texts, longs.nulls());
  }
}
