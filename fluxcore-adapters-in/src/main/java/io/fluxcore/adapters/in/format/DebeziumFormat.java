package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Changes of a database's rows as Debezium writes them in JSON, with or without the schema in the
 * message. A creation or a row of the snapshot is an insertion, a change is the row before, where
 * the message has it, and the row after, a deletion is the row before; tombstones and messages of
 * the log itself give no row, and a truncation is a bad record, since no rows can say it.
 *
 * <p>Beside the columns of the table there are fields that Debezium's own names are given to:
 * {@code __op}, {@code __db}, {@code __schema}, {@code __table}, {@code __source_ts_ms}.
 */
final class DebeziumFormat implements RecordFormat {
  private final @Nullable Schema schema;
  private final FieldSettings settings;

  /**
   * A format.
   *
   * @param schema the declared fields; null: any
   */
  DebeziumFormat(@Nullable Schema schema, FieldSettings settings) {
    this.schema = schema;
    this.settings = settings;
  }

  @Override
  public Changes changes() {
    return Changes.retracts(null);
  }

  @Override
  public @Nullable Schema schema() {
    return schema;
  }

  @Override
  public RecordFramer framer(byte @Nullable [] header) {
    return WholeMessage.INSTANCE;
  }

  @Override
  public RecordDecoder decoder(Schema wanted, boolean keepRaw, byte @Nullable [] header) {
    return new DebeziumDecoder(wanted, settings, keepRaw);
  }
}
