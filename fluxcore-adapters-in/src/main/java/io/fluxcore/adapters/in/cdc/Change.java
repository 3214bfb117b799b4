package io.fluxcore.adapters.in.cdc;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What happened to one row, or to a table, as a {@link ChangeRun} gives it. */
interface Change {
  /** A row that was there when reading began. */
  String READ = "r";

  String CREATE = "c";
  String UPDATE = "u";
  String DELETE = "d";

  /** All rows of a table have gone. */
  String TRUNCATE = "t";

  /** No change, but a place that reading has come to. */
  String MARK = "mark";

  /** Where it lies; null for what is no change. */
  @Nullable Place place();

  /** What a run is told that shall go on behind this change, or before it and what follows it. */
  Map<String, Object> offset();

  /** One of the kinds above; any other tells nothing. */
  String kind();

  /** Whether it is an update that gives the row another key. */
  default boolean isMove() {
    return false;
  }

  @Nullable ChangedRow before();

  @Nullable ChangedRow after();

  @Nullable String database();

  @Nullable String schema();

  String table();

  /** When it happened, since 1970; null where that is not known. */
  @Nullable Long millis();

  /** Where it was, for people. */
  String coordinates();

  /**
   * Where a change lies.
   *
   * @param text of the place
   * @param snapshot whether it is a row of a snapshot that has not come to its end
   */
  record Place(String text, boolean snapshot) {
    /** The place of rows of a snapshot. */
    static final String SNAPSHOT = "snapshot";
  }
}
