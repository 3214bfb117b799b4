package io.fluxcore.adapters.in.cdc;

import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.Field;
import java.util.List;

/** A row as it was before or after a change. */
interface ChangedRow {
  /** The same object for rows that have the same columns. */
  Object layout();

  List<String> columns();

  /**
   * Appends the value of a column.
   *
   * @param index of the column
   * @throws BadChange if it does not go with the field, or is not there
   */
  void append(Field field, int index, ColumnBuilder column);
}
