package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.over.Frame;
import io.fluxcore.domain.over.OverCall;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.topology.OrderedOverConfig;
import io.fluxcore.domain.topology.WindowShape;
import io.fluxcore.domain.window.Touching;
import io.fluxcore.infrastructure.sql.plan.Relation.Column;
import io.fluxcore.infrastructure.sql.plan.Relation.Role;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Each row with the bounds of the session that it is in by what has come so far: rows that come
 * between others, and those that are taken back, change them. So it is a changelog, of rows in any
 * order of times.
 *
 * <p>A session starts with a row that has none up to the gap before it, or none less than the gap
 * before where sessions are separate that touch. That is the last start at or before a row; the
 * session ends a gap after the last of the rows that have the same start.
 */
final class Sessions {
  /** All rows up to a row, those of its time included. */
  private static final Frame UP_TO_ROW = Frame.unbounded();

  private final Draft draft;

  Sessions(Draft draft) {
    this.draft = draft;
  }

  /**
   * The rows with the bounds of their sessions.
   *
   * @param input with columns that stand for the bounds; those that sessions are divided by have a
   *     role of their own
   * @param millis the time of a row, which all rows have
   * @param windows the sessions; where they have a zone its clocks show the bounds, otherwise they
   *     are instants
   */
  Relation assigned(Relation input, String millis, WindowShape.Session windows) {
    long gap = WindowCalls.millis(windows.gap());
    ZoneId zone = windows.zone();
    Named named = named(input, millis);
    List<String> keys = named.keys();
    List<SortField> byTime = List.of(SortField.ascending(named.time()));
    OverCall before = new OverCall.Lag(named.free("before"), named.time(), 1);
    String rows = over(keys, byTime, before, named.rows().output());

    String time = Expression.column(named.time()).toString();
    String last = Expression.column(before.output()).toString();
    Map<String, String> fields = new LinkedHashMap<>(named.fields());
    String opens = named.free("opens");
    fields.put(
        opens,
        "case when coalesce("
            + time
            + " - "
            + last
            + (windows.touching() == Touching.MERGE ? " > " : " >= ")
            + gap
            + ", true) then "
            + time
            + " end");
    rows = draft.projected(named.rows().withOutput(rows), fields).output();
    OverCall start =
        new OverCall.Value(named.free("start"), opens, OverCall.Value.End.LAST, 1, true);
    rows = over(keys, byTime, start, rows);

    List<String> ofSession = new ArrayList<>(keys);
    ofSession.add(start.output());
    String latest = named.free("latest");
    OverCall end =
        new OverCall.Aggregate(AggregateCall.of(AggregateCall.Kind.MAX, named.time(), latest));
    rows = over(ofSession, List.of(), end, rows);
    return withBounds(
        named.rows().withOutput(rows),
        bound(Expression.column(start.output()).toString(), zone),
        bound(Expression.column(latest) + " + " + gap, zone),
        zone);
  }

  private static String bound(String millis, @Nullable ZoneId zone) {
    String instant = "from_epoch_millis(" + millis + ")";
    return zone == null
        ? instant
        : "wall_clock(" + instant + ", " + RexText.quoted(zone.getId()) + ")";
  }

  private String over(List<String> key, List<SortField> order, OverCall call, String input) {
    return draft.operator(
        "session",
        new OrderedOverConfig(key, order, UP_TO_ROW, List.of(call), draft.stateLife(), null),
        input);
  }

  /**
   * The columns of the input as fields, with the time as one more.
   *
   * @param fields of all columns and of the time, by themselves
   */
  private record Named(
      Relation rows,
      Map<String, String> fields,
      String time,
      List<String> keys,
      Set<String> taken) {
    /** A name that no field has. */
    String free(String wanted) {
      String name = Draft.unused(wanted, taken);
      taken.add(name);
      return name;
    }
  }

  private Named named(Relation input, String millis) {
    List<Column> columns = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    Map<String, String> computed = new LinkedHashMap<>();
    for (Column column : input.columns()) {
      if (column.isVirtual()) {
        columns.add(column);
        continue;
      }
      String name = column.fieldName();
      String free = Draft.unused(name == null ? "f" : name, computed.keySet());
      computed.put(free, column.expression());
      columns.add(Column.field(free, column.type())); // rows leave when others come
      if (column.role() == Role.SESSION_KEY) {
        keys.add(free);
      }
    }
    String time = Draft.unused("time", computed.keySet());
    computed.put(time, millis);
    Relation rows = draft.projected(input, computed).withColumns(columns);
    Map<String, String> fields = new LinkedHashMap<>();
    computed.keySet().forEach(name -> fields.put(name, Expression.column(name).toString()));
    return new Named(rows, fields, time, keys, new TreeSet<>(fields.keySet()));
  }

  private Relation withBounds(Relation rows, String from, String to, @Nullable ZoneId zone) {
    DataType type = zone == null ? DataType.TIMESTAMP_TZ : DataType.TIMESTAMP;
    Map<String, String> fields = new LinkedHashMap<>();
    for (Column column : rows.columns()) {
      String name = column.isVirtual() ? null : column.fieldName();
      if (name != null) {
        fields.put(name, column.expression());
      }
    }
    String start = Draft.unused("window_start", fields.keySet());
    fields.put(start, from);
    String end = Draft.unused("window_end", fields.keySet());
    fields.put(end, to);
    List<Column> columns = new ArrayList<>();
    for (Column column : rows.columns()) {
      columns.add(
          switch (column.role()) {
            case WINDOW_START -> Column.field(start, type, Role.VALUE);
            case WINDOW_END -> Column.field(end, type, Role.VALUE);
            case WINDOW_TIME -> WindowCalls.windowTime(end, Role.VALUE, zone);
            default -> column;
          });
    }
    return new Relation(draft.projected(rows, fields).output(), columns, null);
  }
}
