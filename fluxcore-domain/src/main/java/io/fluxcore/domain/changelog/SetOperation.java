package io.fluxcore.domain.changelog;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.Operator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What two streams of the same fields have in common, or one has and the other has not, as SQL has
 * it: rows are equal when all of their fields are, nulls included. Immutable.
 *
 * @param kind which rows
 * @param all whether equal rows count each, as SQL's {@code all}; otherwise there is one of them
 * @param life how long a row is remembered after it came last; null: for ever
 */
public record SetOperation(Kind kind, boolean all, @Nullable TimeToLive life) {
  /** Which rows are given. */
  public enum Kind {
    /** Those that are in both inputs. */
    INTERSECT,
    /** Those of the left input that are not in the right one. */
    EXCEPT;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How often a row is given that came so often from either input. */
  long times(long left, long right) {
    long there = Math.max(left, 0);
    long others = Math.max(right, 0);
    if (all) {
      return kind == Kind.INTERSECT ? Math.min(there, others) : Math.max(there - others, 0);
    }
    boolean isGiven = there > 0 && (kind == Kind.INTERSECT) == (others > 0);
    return isGiven ? 1 : 0;
  }

  /**
   * Rows of two inputs in, changes of results out.
   *
   * @param rows the fields, none of them nested, by which rows are compared and which they leave
   *     with
   */
  public Operator operator(List<Schema> inputs, Schema rows) {
    return new SetOperator(this, inputs, rows);
  }

  @Override
  public String toString() {
    return kind + (all ? " all" : "") + (life == null ? "" : " (state lives " + life + ")");
  }
}
