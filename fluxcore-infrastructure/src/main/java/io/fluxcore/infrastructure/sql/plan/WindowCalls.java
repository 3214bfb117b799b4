package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.WindowConfig;
import io.fluxcore.domain.topology.WindowShape;
import io.fluxcore.domain.window.Accumulation;
import io.fluxcore.domain.window.Touching;
import io.fluxcore.domain.window.Trigger;
import io.fluxcore.infrastructure.sql.catalogue.StreamOperators;
import io.fluxcore.infrastructure.sql.plan.Relation.Column;
import io.fluxcore.infrastructure.sql.plan.Relation.Role;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.calcite.rel.core.TableFunctionScan;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.ImmutableBitSet;
import org.apache.calcite.util.NlsString;
import org.jspecify.annotations.Nullable;

/** Window functions: which windows a call means, and rows with the windows that they are in. */
final class WindowCalls {
  /** Windows that a row may be in where each gives a row of its own. */
  private static final int MAX_WINDOWS = 1_000;

  /** The time of an event. */
  private static final String EVENT_MILLIS = "epoch_millis(event_time())";

  private WindowCalls() {}

  /**
   * The relation of a call: the columns of its table, and three of the window that have no value
   * before they are used. Over a time that no watermark is for nothing says when a window is
   * complete: each row gets the bounds at once, and a group by them is a changelog.
   *
   * @param settings when the windows give results, and what else was said of all windows
   */
  static Relation of(
      Relation rowsOfInput,
      TableFunctionScan function,
      UnaryOperator<WindowConfig> settings,
      Draft draft) {
    RexCall call = (RexCall) function.getCall();
    Relation given = assigned(rowsOfInput, draft); // windows of windows are bounds of rows
    int time = timeColumn(call);
    Relation input =
        given.column(time).role() == Role.EARLIER_TIME ? draft.timed(given, time) : given;
    Role role = input.column(time).role();
    RelDataType timeType = function.getRowType().getFieldList().get(time).getType();
    WindowShape shape = shape(call, zone(call, timeType));
    Relation rows = shape instanceof WindowShape.Session ? withKeys(input, call) : input;
    if (isOrdinaryTime(input.column(time))) {
      return assigned(withBounds(rows, shape), shape, input.column(time), draft);
    }
    requireTime(call.getOperator().getName(), role);
    return new Relation(
        rows.output(), withBounds(rows, shape).columns(), settings.apply(config(shape, role)));
  }

  /** The columns that the second descriptor names are the keys of sessions. */
  private static Relation withKeys(Relation input, RexCall call) {
    List<Column> columns = new ArrayList<>(input.columns());
    boolean isTime = true;
    for (RexNode operand : call.getOperands()) {
      if (operand.getKind() == SqlKind.DESCRIPTOR) {
        for (RexNode key : isTime ? List.<RexNode>of() : ((RexCall) operand).getOperands()) {
          int ordinal = ((RexInputRef) key).getIndex();
          columns.set(ordinal, columns.get(ordinal).withRole(Role.SESSION_KEY));
        }
        isTime = false;
      }
    }
    return input.withColumns(columns);
  }

  /**
   * Whether sessions are of other rows than those of each group: sessions are those of all rows
   * with the same keys.
   */
  static boolean areSessionsOfOthers(Relation input, ImmutableBitSet grouped) {
    return input.windows() != null
        && input.windows().shape() instanceof WindowShape.Session
        && input.find(Role.GROUP_WINDOW) < 0
        && !ofRole(input.columns(), Role.SESSION_KEY)
            .equals(
                grouped.asList().stream()
                    .map(input::column)
                    .filter(column -> !column.isVirtual())
                    .collect(Collectors.toSet()));
  }

  /** Whether a column that sessions are divided by is not among those that are left. */
  static boolean losesSessionKeys(Relation input, List<Column> left) {
    return !ofRole(left, Role.SESSION_KEY).equals(ofRole(input.columns(), Role.SESSION_KEY));
  }

  private static Set<Column> ofRole(List<Column> columns, Role role) {
    return columns.stream().filter(column -> column.role() == role).collect(Collectors.toSet());
  }

  static void requireTime(String function, Role role) {
    if (role != Role.EVENT_TIME && role != Role.PROCESSING_TIME) {
      throw Unsupported.of(
          "the window function " + function + " is over a column that is not the time of events",
          "declare WATERMARK FOR the column in CREATE TABLE, or use a column AS PROCTIME(); a"
              + " column that was computed from it is no longer the time");
    }
  }

  /** Windows of this shape that give their results when they close. */
  static WindowConfig config(WindowShape shape, Role time) {
    return new WindowConfig(
        shape,
        Duration.ZERO,
        false,
        Accumulation.ACCUMULATING,
        time == Role.PROCESSING_TIME ? TimeCharacteristic.PROCESSING : TimeCharacteristic.EVENT,
        Trigger.onWatermark());
  }

  private static Relation withBounds(Relation input, WindowShape shape) {
    List<Column> columns = new ArrayList<>(input.columns());
    columns.add(new Column("", boundType(shape), Role.WINDOW_START));
    columns.add(new Column("", boundType(shape), Role.WINDOW_END));
    columns.add(new Column("", DataType.TIMESTAMP_TZ, Role.WINDOW_TIME));
    return input.withColumns(columns);
  }

  /** How the bounds of windows are held: as what clocks show, where those of a zone cut them. */
  static DataType boundType(@Nullable WindowShape shape) {
    return shape == null || shape.zone() == null ? DataType.TIMESTAMP_TZ : DataType.TIMESTAMP;
  }

  /** The zone that a call ends with, where its times are instants. */
  private static @Nullable ZoneId zone(RexCall call, RelDataType time) {
    RexNode last = call.getOperands().get(call.getOperands().size() - 1);
    boolean isOfInstants = time.getSqlTypeName() == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE;
    return isOfInstants
            && last instanceof RexLiteral zone
            && SqlTypeUtil.isCharacter(zone.getType())
        ? ZoneId.of(Objects.requireNonNull(zone.getValueAs(NlsString.class)).getValue())
        : null;
  }

  private static boolean isOrdinaryTime(Column column) {
    return switch (column.role()) {
      case EVENT_TIME, PROCESSING_TIME, WINDOW_START, WINDOW_END, WINDOW_TIME, GROUP_WINDOW ->
          false;
      default ->
          column.type().equals(DataType.TIMESTAMP) || column.type().equals(DataType.TIMESTAMP_TZ);
    };
  }

  /** With the bounds of windows of a column; a row without a time is in none. */
  private static Relation assigned(Relation input, WindowShape shape, Column time, Draft draft) {
    Relation timed = draft.filter(input, "(" + time.expression() + " is not null)");
    String instant = RexText.instant(time);
    return shape instanceof WindowShape.Session session
        ? new Sessions(draft).assigned(timed, "epoch_millis(" + instant + ")", session)
        : assigned(timed, shape, instant, Role.VALUE, draft);
  }

  private static int timeColumn(RexCall call) {
    for (RexNode operand : call.getOperands()) {
      if (operand.getKind() == SqlKind.DESCRIPTOR
          && ((RexCall) operand).getOperands().get(0) instanceof RexInputRef ref) {
        return ref.getIndex();
      }
    }
    throw new IllegalStateException("a window function without a time: " + call);
  }

  private static WindowShape shape(RexCall call, @Nullable ZoneId zone) {
    SqlOperator function = call.getOperator();
    List<Duration> lengths =
        call.getOperands().stream()
            .filter(operand -> SqlTypeUtil.isInterval(operand.getType()))
            .map(WindowCalls::duration)
            .toList();
    int wanted =
        function.equals(StreamOperators.HOP) || function.equals(StreamOperators.CUMULATE) ? 2 : 1;
    if (lengths.size() < wanted) {
      throw Unsupported.of(
          function.getName() + " is called without its lengths, or by names that it does not have",
          "write them in order, without names");
    }
    if (function.equals(StreamOperators.TUMBLE)) {
      return new WindowShape.Tumbling(lengths.get(0), offset(lengths, 1), zone);
    }
    if (function.equals(StreamOperators.HOP)) {
      return new WindowShape.Sliding(lengths.get(1), lengths.get(0), offset(lengths, 2), zone);
    }
    if (function.equals(StreamOperators.CUMULATE)) {
      return new WindowShape.Cumulative(lengths.get(1), lengths.get(0), offset(lengths, 2), zone);
    }
    return new WindowShape.Session(
        lengths.get(0),
        function.equals(StreamOperators.SEPARATE_SESSION) ? Touching.SEPARATE : Touching.MERGE,
        zone);
  }

  private static Duration offset(List<Duration> lengths, int at) {
    return lengths.size() > at ? lengths.get(at) : Duration.ZERO;
  }

  /** The length of an interval that is written out. */
  static Duration duration(RexNode node) {
    if (node instanceof RexLiteral literal
        && SqlTypeName.DAY_INTERVAL_TYPES.contains(node.getType().getSqlTypeName())) {
      BigDecimal millis = literal.getValueAs(BigDecimal.class);
      if (millis != null) {
        return Duration.ofMillis(millis.longValue());
      }
    }
    throw Unsupported.of(
        "'" + node + "' is not an interval of days, hours, minutes and seconds that is written out",
        "write, for example, INTERVAL '10' MINUTE");
  }

  /**
   * A row for each window that a row is in, with the window's bounds as fields; of sessions these
   * change as rows come.
   */
  static Relation assigned(Relation input, Draft draft) {
    WindowConfig windows = input.windows();
    if (windows == null) {
      return input;
    }
    if (windows.time() == TimeCharacteristic.PROCESSING) {
      throw Unsupported.of(
          "rows cannot be given the bounds of a "
              + windows.describe()
              + " before the window has closed",
          "group by window_start and window_end, of sessions also by what their table is divided"
              + " by, and nothing else");
    }
    if (windows.shape() instanceof WindowShape.Session session) {
      return new Sessions(draft).assigned(input, EVENT_MILLIS, session);
    }
    return assigned(
        input,
        windows.shape(),
        "event_time()",
        windows.shape().zone() == null ? Role.ASSIGNED_START : Role.VALUE,
        draft);
  }

  /** The time that the clocks of a zone show at an instant, as if they were those of UTC. */
  private static String shown(String instant, ZoneId zone) {
    return "instant(wall_clock(" + instant + ", " + RexText.quoted(zone.getId()) + "), 'UTC')";
  }

  /**
   * With the bounds of the windows of an instant.
   *
   * @param startRole of the starts: a value where nothing more is known of the rows' times
   */
  private static Relation assigned(
      Relation input, WindowShape shape, String instant, Role startRole, Draft draft) {
    ZoneId zone = shape.zone();
    List<Bounds> windows =
        bounds(shape, "epoch_millis(" + (zone == null ? instant : shown(instant, zone)) + ")");
    DataType type = boundType(shape);
    Role endRole = startRole == Role.VALUE ? Role.VALUE : Role.ASSIGNED_END;
    List<Column> kept = input.columns().stream().filter(column -> !column.isVirtual()).toList();
    Map<String, String> fields = new LinkedHashMap<>();
    List<String> names = new ArrayList<>();
    for (Column column : kept) {
      String name = column.fieldName();
      String free = Draft.unused(name == null ? "f" : name, fields.keySet());
      fields.put(free, column.expression());
      names.add(free);
    }
    String start = Draft.unused("window_start", fields.keySet());
    String end = Draft.unused("window_end", fields.keySet());
    List<String> outputs = new ArrayList<>();
    for (Bounds bounds : windows) {
      Map<String, String> withBounds = new LinkedHashMap<>(fields);
      withBounds.put(start, bound(bounds.start(), zone));
      withBounds.put(end, bound(bounds.end(), zone));
      Relation rows = bounds.condition() == null ? input : draft.filter(input, bounds.condition());
      outputs.add(draft.projected(rows, withBounds).output());
    }
    String output =
        outputs.size() == 1
            ? outputs.get(0)
            : draft.transform("windows", TransformConfig.union(), outputs.toArray(String[]::new));
    List<Column> columns = new ArrayList<>();
    int at = 0;
    for (Column column : input.columns()) {
      columns.add(
          switch (column.role()) {
            case WINDOW_START -> Column.field(start, type, startRole);
            case WINDOW_END -> Column.field(end, type, endRole);
            case WINDOW_TIME -> windowTime(end, Role.VALUE, zone);
            case PROCESSING_TIME, GROUP_WINDOW -> column;
            default -> Column.field(names.get(at++), column.type(), column.role());
          });
    }
    return new Relation(output, columns, null);
  }

  private static String bound(String millis, @Nullable ZoneId zone) {
    String instant = "from_epoch_millis(" + millis + ")";
    return zone == null ? instant : "wall_clock(" + instant + ", 'UTC')";
  }

  /**
   * The longest time between two rows of a window, in milliseconds, or null if that is not known.
   */
  static @Nullable Long span(@Nullable WindowConfig windows) {
    if (windows == null || windows.shape().zone() != null) {
      return null;
    }
    if (windows.shape() instanceof WindowShape.Tumbling tumbling) {
      return millis(tumbling.size()) - 1;
    }
    if (windows.shape() instanceof WindowShape.Sliding sliding) {
      return millis(sliding.size()) - 1;
    }
    return windows.shape() instanceof WindowShape.Cumulative cumulative
        ? (Long) (millis(cumulative.size()) - 1)
        : null;
  }

  /**
   * The last millisecond of a window, by its end.
   *
   * @param zone whose clocks show the end; null: it is an instant
   */
  static Column windowTime(String end, Role role, @Nullable ZoneId zone) {
    String last = "(" + Expression.column(end) + " - interval '1' millisecond)";
    return new Column(
        zone == null ? last : "instant(" + last + ", " + RexText.quoted(zone.getId()) + ")",
        DataType.TIMESTAMP_TZ,
        role);
  }

  /** A bound of the window whose result a row is: start, end, or time; null for other roles. */
  static @Nullable Column ofResult(Role role, @Nullable WindowConfig windows) {
    WindowShape shape = windows == null ? null : windows.shape();
    return switch (role) {
      case WINDOW_START ->
          Column.field(AggregateConfig.WINDOW_START, boundType(shape), Role.RESULT_START);
      case WINDOW_END ->
          Column.field(AggregateConfig.WINDOW_END, boundType(shape), Role.RESULT_END);
      case WINDOW_TIME ->
          shape == null || shape.zone() == null
              ? windowTime(AggregateConfig.WINDOW_END, Role.EVENT_TIME, null)
              : new Column("event_time()", DataType.TIMESTAMP_TZ, Role.EVENT_TIME);
      default -> null;
    };
  }

  /** A window of a row: expressions of its bounds, and for which rows there is one. */
  private record Bounds(String start, String end, @Nullable String condition) {}

  /** The windows of a row, by its time in milliseconds. */
  private static List<Bounds> bounds(WindowShape shape, String time) {
    List<Bounds> all = new ArrayList<>();
    if (shape instanceof WindowShape.Tumbling tumbling) {
      String start = floor(time, tumbling.size(), tumbling.offset());
      all.add(new Bounds(start, start + " + " + millis(tumbling.size()), null));
    } else if (shape instanceof WindowShape.Sliding sliding) {
      long size = millis(sliding.size());
      long slide = millis(sliding.slide());
      String last = floor(time, sliding.slide(), sliding.offset());
      for (long back = 0; back < size; back += slide) {
        String start = last + " - " + back;
        boolean always = back + slide <= size;
        all.add(
            new Bounds(
                start, start + " + " + size, always ? null : time + " < " + start + " + " + size));
      }
    } else if (shape instanceof WindowShape.Cumulative cumulative) {
      long step = millis(cumulative.step());
      String start = floor(time, cumulative.size(), cumulative.offset());
      for (long end = step; end <= millis(cumulative.size()); end += step) {
        String endText = start + " + " + end;
        all.add(new Bounds(start, endText, time + " < " + endText));
      }
    }
    if (all.isEmpty() || all.size() > MAX_WINDOWS) {
      throw Unsupported.of(
          "each row would be in " + all.size() + " windows",
          "group by window_start and window_end first, or use fewer windows");
    }
    return all;
  }

  static long millis(@Nullable Duration duration) {
    return duration == null ? 0 : duration.toMillis();
  }

  private static String floor(String time, @Nullable Duration size, Duration offset) {
    long step = millis(size);
    String from = offset.isZero() ? time : "(" + time + " - " + offset.toMillis() + ")";
    return "(" + time + " - ((" + from + " % " + step + ") + " + step + ") % " + step + ")";
  }
}
