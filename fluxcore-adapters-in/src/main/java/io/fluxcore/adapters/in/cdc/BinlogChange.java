package io.fluxcore.adapters.in.cdc;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A change of a binary log, or a row of a snapshot beside it.
 *
 * @param offset where the transaction begins that it is of: reading begins before a transaction,
 *     since rows are of tables that the log names at the beginning
 * @param name of the table, with its database; empty of a mark
 */
record BinlogChange(
    String kind,
    boolean isMove,
    Place place,
    Map<String, Object> offset,
    String name,
    @Nullable Long millis,
    @Nullable ChangedRow before,
    @Nullable ChangedRow after,
    String told)
    implements Change {
  /** A statement of which the log has no rows. */
  static final String STATEMENT = "statement";

  /** A row of a transaction of two phases, which may yet be undone. */
  static final String PREPARED = "prepared";

  /** A place that reading has come to. */
  static BinlogChange mark(Place place, Map<String, Object> offset) {
    return new BinlogChange(MARK, false, place, offset, "", null, null, null, "");
  }

  @Override
  public String database() {
    return name.substring(0, Math.max(0, name.indexOf('.')));
  }

  /** A database has no schemas. */
  @Override
  public @Nullable String schema() {
    return null;
  }

  @Override
  public String table() {
    return name.substring(name.indexOf('.') + 1);
  }

  @Override
  public String coordinates() {
    return name + "@" + place.text();
  }

  @Override
  public String toString() {
    return kind
        + " of "
        + name
        + (before == null ? "" : ", before " + before)
        + (after == null ? "" : ", after " + after)
        + told;
  }
}
