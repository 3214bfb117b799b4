package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.Column;

/** Makes a column of one type of a column of another. */
@FunctionalInterface
interface Conversion {
  /**
   * @param failure what to do with rows whose value has no counterpart
   */
  Column apply(Rows rows, Column source, RowLoops.Failure failure);
}
