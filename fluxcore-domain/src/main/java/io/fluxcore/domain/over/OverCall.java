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
      DENSE_RANK,
      /** As a share: rows before those of its place, of all others; in an order of fields only. */
      PERCENT_RANK,
      /** As a share: rows up to those of its place, of all; in an order of fields only. */
      CUME_DIST;

      /** Whether the number is one between 0 and 1. */
      public boolean isShare() {
        return this == PERCENT_RANK || this == CUME_DIST;
      }
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
   * In which of so many groups of about the same size a row is, from 1; in an order of fields only.
   *
   * @param groups how many groups there are
   */
  record Tile(String output, long groups) implements OverCall {
    @Override
    public String toString() {
      return "ntile(" + groups + ") as " + output;
    }
  }

  /**
   * A field of a row of the frame, or null if there is none; in an order of fields only.
   *
   * @param end where rows are counted from
   * @param position which row, from 1
   * @param skipsNulls whether rows are passed over whose field is null
   */
  record Value(String output, String field, End end, long position, boolean skipsNulls)
      implements OverCall {
    /** An end of a frame. */
    public enum End {
      FIRST,
      LAST
    }

    @Override
    public String toString() {
      return end.name().toLowerCase(Locale.ROOT)
          + (position == 1 ? "" : " " + position)
          + " "
          + field
          + (skipsNulls ? " not null" : "")
          + " as "
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
