package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.topology.WindowConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a relational operator has become: an output of a node of the topology, and how each column
 * is read from its rows. Immutable.
 *
 * @param output the node, or {@code node.port}
 * @param columns in the order of the relational operator's
 * @param windows the windows that each row is in, where a window function has been called and
 *     nothing has used them yet; null otherwise
 */
record Relation(String output, List<Column> columns, @Nullable WindowConfig windows) {
  Relation {
    columns = List.copyOf(columns);
  }

  /** What a column is beyond its value. */
  enum Role {
    VALUE,
    /** It is a value that divides the rows of a table of which sessions are asked. */
    SESSION_KEY,
    /** It is the event's time. */
    EVENT_TIME,
    /** It may lie before the event's time, by as much as is known. */
    EARLIER_TIME,
    /** It is the event's time of rows that replace each other. */
    CHANGE_TIME,
    /** It is the time at which a row is processed, and has no value of its own. */
    PROCESSING_TIME,
    /** It is a bound of {@link Relation#windows}, and has no value yet. */
    WINDOW_START,
    WINDOW_END,
    WINDOW_TIME,
    /** It is the window of a row, which is grouped by and has no value of its own. */
    GROUP_WINDOW,
    /** It is the window whose result the row is: its bounds are fields of the row. */
    RESULT_WINDOW,
    /** It is a bound of the window whose result the row is: the row's time is in its end. */
    RESULT_START,
    RESULT_END,
    /** It is a bound of a window that the row is in. */
    ASSIGNED_START,
    ASSIGNED_END
  }

  /**
   * A column.
   *
   * @param expression over the fields of the node's rows
   * @param type of the expression
   * @param behindMillis of {@link Role#EARLIER_TIME}: how far before the event's time it may be
   */
  record Column(String expression, DataType type, Role role, long behindMillis) {
    /** A column that is not an earlier time: where nobody says how much earlier, it is a value. */
    Column(String expression, DataType type, Role role) {
      this(expression, type, role == Role.EARLIER_TIME ? Role.VALUE : role, 0);
    }

    static Column field(String name, DataType type) {
      return field(name, type, Role.VALUE);
    }

    static Column field(String name, DataType type, Role role) {
      return new Column(Expression.column(name).toString(), type, role);
    }

    /** The same as a field. */
    Column asField(String name) {
      return new Column(Expression.column(name).toString(), type, role, behindMillis);
    }

    /** The field that it is, or null if it is computed. */
    @Nullable String fieldName() {
      return expression.isEmpty() ? null : Expression.parse(expression).columnName();
    }

    boolean isVirtual() {
      return switch (role) {
        case PROCESSING_TIME, WINDOW_START, WINDOW_END, WINDOW_TIME, GROUP_WINDOW -> true;
        default -> false;
      };
    }

    /** The field under which a join hands it on. */
    Column prefixed(String prefix, Role newRole) {
      return isVirtual() ? this : field(prefix + fieldName(), type, newRole);
    }

    /** A time that may lie so long before the event's. */
    Column earlier(long millis) {
      return new Column(expression, type, Role.EARLIER_TIME, millis);
    }

    Column withRole(Role newRole) {
      return new Column(expression, type, newRole);
    }
  }

  Column column(int ordinal) {
    return columns.get(ordinal);
  }

  int find(Role role) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).role() == role) {
        return i;
      }
    }
    return -1;
  }

  Relation withColumns(List<Column> newColumns) {
    return new Relation(output, newColumns, windows);
  }

  Relation withOutput(String newOutput) {
    return new Relation(newOutput, columns, windows);
  }

  /** The fields of these columns, which must be fields. */
  List<String> fieldNames(Iterable<Integer> ordinals) {
    List<String> names = new ArrayList<>();
    for (int ordinal : ordinals) {
      String name = columns.get(ordinal).fieldName();
      if (name == null) {
        throw new IllegalStateException("column " + ordinal + " is no field: " + this);
      }
      names.add(name);
    }
    return names;
  }
}
