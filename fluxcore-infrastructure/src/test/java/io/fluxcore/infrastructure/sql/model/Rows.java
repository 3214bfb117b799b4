package io.fluxcore.infrastructure.sql.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query and what it comes to.
 *
 * @param from what is written behind FROM: a name, or the query in parentheses
 * @param columns their names are unlike those of all other queries
 * @param rows in no order
 * @param isAppend whether rows are only added
 * @param time which column is the time of events; −1 if none is
 * @param isTimeUnique whether each row has a time of its own
 * @param isOfWindow whether it is the result of windows that has only been filtered and projected,
 *     so that it may be asked for with EMIT
 */
record Rows(
    String from,
    List<Column> columns,
    List<@Nullable Object[]> rows,
    boolean isAppend,
    int time,
    boolean isTimeUnique,
    boolean isOfWindow) {

  record Column(String name, Kind kind) {}

  /** The query as it stands alone. */
  String query() {
    return from.startsWith("(") ? from.substring(1, from.length() - 1) : "SELECT * FROM " + from;
  }

  /** Its columns as terms over its rows. */
  List<Term> terms(String alias) {
    return terms(alias, 0);
  }

  /** Its columns as terms over rows in which they begin at a place. */
  List<Term> terms(String alias, int at) {
    List<Term> terms = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      int ordinal = at + i;
      String prefix = alias.isEmpty() ? "" : alias + ".";
      terms.add(
          new Term(prefix + columns.get(i).name(), columns.get(i).kind(), row -> row[ordinal]));
    }
    return terms;
  }

  static @Nullable Object[] joined(@Nullable Object[] left, @Nullable Object[] right) {
    @Nullable Object[] both = new Object[left.length + right.length];
    System.arraycopy(left, 0, both, 0, left.length);
    System.arraycopy(right, 0, both, left.length, right.length);
    return both;
  }
}
