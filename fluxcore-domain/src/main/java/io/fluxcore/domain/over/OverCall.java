package io.fluxcore.domain.over;

import io.fluxcore.domain.aggregate.AggregateCall;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an over-window computes for each row. */
public sealed interface OverCall {
  /** The field that holds it. */
  String output();

  /**
   * The number of a row among those of its key.
   *
   * @param kind how rows of the same time are numbered
   */
  record Numbering(String output, Kind kind) implements OverCall {
    /** How rows of the same time are numbered. */
    public enum Kind {
      /** One after the other. */
      ROW_NUMBER,
      /** Alike, and the next time's rows by how many rows there were before. */
      RANK,
      /** Alike, and the next time's rows by the next number. */
      DENSE_RANK
    }

    @Override
    public String toString() {
      return kind.name().toLowerCase(Locale.ROOT) + " as " + output;
    }
  }

  /**
   * A field of an earlier row of the key, or null if there is none.
   *
   * @param rows how many rows before
   */
  record Lag(String output, String field, int rows) implements OverCall {
    @Override
    public String toString() {
      return "lag(" + field + ", " + rows + ") as " + output;
    }
  }

  /**
   * A field of a later row of the key. A row leaves before there is one, and is replaced when it
   * comes.
   *
   * @param rows how many rows after
   * @param otherwise the plain value while there is none; null: null
   */
  record Lead(String output, String field, int rows, @Nullable Object otherwise)
      implements OverCall {
    @Override
    public String toString() {
      return "lead("
          + field
          + ", "
          + rows
          + (otherwise == null ? "" : ", " + otherwise)
          + ") as "
          + output;
    }
  }

  /**
   * An aggregate over the rows of the frame.
   *
   * @param call what is computed; its output is that of this call
   */
  record Aggregate(AggregateCall call) implements OverCall {
    @Override
    public String output() {
      return call.output();
    }

    @Override
    public String toString() {
      return call.toString();
    }
  }
}
