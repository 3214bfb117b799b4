package io.fluxcore.adapters.in.cdc;

import io.fluxcore.adapters.in.cdc.CdcReader.Place;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** What differs from database to database. Thread-safe. */
interface DatabaseKind {
  /** The place of rows of a snapshot. */
  String SNAPSHOT = "snapshot";

  /** Name of the option's value. */
  String name();

  /** Debezium's properties, beside those that all kinds have. */
  void configure(CdcOptions options, Properties properties);

  /**
   * Looks whether the database is as it must be.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if not, with what to do
   */
  void check(CdcOptions options);

  /** Whether one of the tables has a row. */
  boolean hasRows(CdcOptions options);

  /**
   * Looks whether the database still has what follows a position.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if not
   */
  void checkPosition(CdcOptions options, ChangePosition position);

  /** Where a change lies; null for what is no change of a row. */
  default @Nullable Place place(SourceRecord change) {
    if (!(change.value() instanceof Struct value)
        || value.schema().field("op") == null
        || value.schema().field("source") == null) {
      return null;
    }
    Struct from = value.getStruct("source");
    Object snapshot = from.schema().field("snapshot") == null ? null : from.get("snapshot");
    if (snapshot != null && !"false".equals(snapshot.toString())) {
      return new Place(SNAPSHOT, !"last".equals(snapshot.toString()));
    }
    return new Place(logPlace(from), false);
  }

  /** The place in the log of a change that is no row of a snapshot. */
  String logPlace(Struct source);

  /**
   * Whether a place lies before (negative), at (0) or behind another one, that is known from
   * before; the snapshot comes first.
   */
  int compare(String place, String known);

  /** Where a change was, for people. */
  default String coordinates(SourceRecord change) {
    Map<String, ?> offset = change.sourceOffset();
    return change.topic() + "@" + offset;
  }
}
