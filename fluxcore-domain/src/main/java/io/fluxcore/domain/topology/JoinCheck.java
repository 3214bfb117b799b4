package io.fluxcore.domain.topology;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.join.AsOfMatch;
import io.fluxcore.domain.join.JoinType;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.window.TimeWindows;
import io.fluxcore.domain.window.WindowAggregation;
import io.fluxcore.domain.window.WindowSpec;
import io.fluxcore.domain.window.ZonedWindows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells what is wrong with a join, and which fields it gives. */
final class JoinCheck {
  private static final Duration LONGEST = Duration.ofMillis(WindowSpec.MAX_TIME);

  private final JoinConfig join;
  private final NodeFindings findings;

  JoinCheck(JoinConfig join, NodeFindings findings) {
    this.join = join;
    this.findings = findings;
  }

  void settings() {
    if (join.on().isEmpty()) {
      findings.missing("on", "the fields that are equal, left and right");
    }
    if (join.leftPrefix().equals(join.rightPrefix())) {
      findings.error(
          "FLX-TOPO-0060",
          "rightPrefix",
          "the names of both inputs' fields begin with '" + join.rightPrefix() + "'",
          "give prefixes that differ, such as " + JoinConfig.RIGHT_PREFIX);
    }
    if (join.bound().isOfTable() && join.type() != JoinType.INNER && join.type() != JoinType.LEFT) {
      findings.error(
          "FLX-TOPO-0061",
          "type",
          "a " + join.bound().kind() + " join cannot be " + join.type(),
          "use inner or left, or a window or interval join");
    }
    if (join.bound() instanceof JoinBound.AsOf asOf) {
      asOf(asOf);
    }
    length("allowedLateness", join.allowedLateness(), true);
    bound();
  }

  private void asOf(JoinBound.AsOf asOf) {
    if (asOf.match() == null) {
      findings.missing(
          "asOf.match", "the field of the left input, >=, >, <= or <, and that of the right one");
    }
    findings.distinct("asOf.ties", asOf.ties().stream().map(SortField::name).toList());
    if (join.type() != JoinType.INNER && join.type() != JoinType.LEFT) {
      findings.error(
          "FLX-TOPO-0061",
          "type",
          "a join with the closest row cannot be " + join.type(),
          "use inner or left");
    }
    if (join.condition() != null) {
      findings.error(
          "FLX-TOPO-0080",
          "condition",
          "a join with the closest row has no other condition than asOf.match",
          "filter the right input before it, or the results behind it");
    }
  }

  private void bound() {
    if (join.bound() instanceof JoinBound.Window window) {
      window(window.window());
    } else if (join.bound() instanceof JoinBound.Interval interval) {
      interval(interval.lower(), interval.upper());
      length("interval.lateMatches", interval.lateMatches(), true);
    } else if (join.bound() instanceof JoinBound.Temporal temporal) {
      length("temporal.timeToLive", temporal.timeToLive(), false);
    } else if (join.bound() instanceof JoinBound.Table table) {
      length("table.timeToLive", table.timeToLive(), false);
      neverLate("a table join asks for what the table has now");
    } else if (join.bound() instanceof JoinBound.AsOf) {
      neverLate("a join with the closest row takes rows whenever they come");
    } else {
      neverLate("an unbounded join takes rows whenever they come");
    }
  }

  private void neverLate(String why) {
    if (!join.allowedLateness().isZero() || join.lateOutput()) {
      findings.error(
          "FLX-TOPO-0062",
          "allowedLateness",
          why + ", so that no row is late",
          "leave allowedLateness and lateOutput out, or use a join of another kind");
    }
  }

  private void window(@Nullable WindowShape shape) {
    if (shape == null) {
      findings.missing("window", "a window, such as tumbling with a duration");
      return;
    }
    try {
      WindowSpec spec = shape.spec();
      if (!((spec instanceof ZonedWindows zoned ? zoned.windows() : spec) instanceof TimeWindows)) {
        findings.error(
            "FLX-TOPO-0063",
            "window",
            "rows cannot be joined by " + shape.kind() + " windows, which differ from key to key",
            "use tumbling, sliding, cumulative or calendar windows, or an interval join");
      }
    } catch (IllegalArgumentException | ArithmeticException e) {
      findings.error(
          "FLX-TOPO-0064", "window", String.valueOf(e.getMessage()), "give a length in its range");
    }
  }

  private void interval(@Nullable Duration lower, @Nullable Duration upper) {
    if (lower == null || upper == null) {
      findings.missing("interval", "lower and upper: how far the right row is after the left one");
    } else if (lower.compareTo(upper) > 0
        || lower.negated().compareTo(LONGEST) > 0
        || upper.compareTo(LONGEST) > 0) {
      findings.error(
          "FLX-TOPO-0065",
          "interval",
          "the interval from " + lower + " to " + upper + " is empty or too long",
          "give a lower bound that is not above the upper one");
    } else if (!isMillis(lower) || !isMillis(upper)) {
      findings.error(
          "FLX-TOPO-0066",
          "interval",
          "the interval from " + lower + " to " + upper + " is finer than event time",
          "give whole milliseconds");
    }
  }

  private static boolean isMillis(Duration duration) {
    return duration.equals(Duration.ofMillis(duration.toMillis()));
  }

  private void length(String option, @Nullable Duration length, boolean mayBeZero) {
    if (length != null
        && (length.isNegative()
            || (length.toMillis() == 0 && !(mayBeZero && length.isZero()))
            || length.compareTo(LONGEST) > 0)) {
      findings.error(
          "FLX-TOPO-0067",
          option,
          option + " is " + length,
          mayBeZero ? "give zero or a positive duration" : "give at least a millisecond");
    }
  }

  /** The fields of each port, without those that cannot be told. */
  Map<String, Schema> outputs(List<Schema> inputs, ExpressionContext expressions) {
    Map<String, Schema> outputs = new HashMap<>();
    if (join.lateOutput()) {
      outputs.put(JoinConfig.LATE_PORT, inputs.get(JoinType.LEFT_INPUT));
      outputs.put(JoinConfig.LATE_RIGHT_PORT, inputs.get(JoinType.RIGHT_INPUT));
    }
    boolean sound = keys(inputs);
    if (join.bound() instanceof JoinBound.AsOf asOf) {
      sound &= closest(asOf, inputs.get(JoinType.LEFT_INPUT), inputs.get(JoinType.RIGHT_INPUT));
    }
    List<Field> pair = new ArrayList<>(JoinPlan.named(join, JoinType.LEFT_INPUT, inputs));
    int left = pair.size();
    pair.addAll(JoinPlan.named(join, JoinType.RIGHT_INPUT, inputs));
    sound &= isDistinct(pair);
    if (!sound) {
      return outputs;
    }
    if (join.condition() != null) {
      findings.condition("condition", join.condition(), Schema.of(pair), expressions);
    }
    List<Field> given = new ArrayList<>(join.type().givesPairs() ? pair : pair.subList(0, left));
    if (join.bound() instanceof JoinBound.Window window) {
      DataType bound = boundType(window.window());
      given.add(new Field(WindowAggregation.WINDOW_START, bound));
      given.add(new Field(WindowAggregation.WINDOW_END, bound));
      if (!isDistinct(given)) {
        return outputs;
      }
    }
    outputs.put(NodeConfig.MAIN_PORT, Schema.of(given));
    return outputs;
  }

  /** Of windows that may be wrong. */
  private static DataType boundType(@Nullable WindowShape shape) {
    return shape == null || shape instanceof WindowShape.Calendar || shape.zone() == null
        ? DataType.TIMESTAMP_TZ
        : DataType.TIMESTAMP;
  }

  /**
   * Refuses a table whose rows have another key than the join, of which nothing can be found by it.
   *
   * @throws FluxCoreException of category USER
   */
  static void requireTableOfKey(JoinConfig join, Changes changes) {
    List<String> key = changes.key();
    Set<String> joined = new HashSet<>(join.key(JoinType.RIGHT_INPUT));
    if (join.bound().isOfTable()
        && !join.bound().isOfAllRows()
        && !changes.isAppend()
        && (key == null || !joined.equals(Set.copyOf(key)))) {
      throw new FluxCoreException(
          ErrorCategory.USER,
          Diagnostic.error(
              "FLX-TOPO-0070",
              Place.of(join.describe()),
              "the table is joined on "
                  + joined
                  + ", and its rows are named by "
                  + (key == null ? "no key that is known" : key),
              join.bound() instanceof JoinBound.Table
                  ? "join on the table's primary key, all fields of it, or say allRows: true"
                  : "join on the table's primary key, all fields of it"));
    }
  }

  private boolean isDistinct(List<Field> fields) {
    Set<String> names = new HashSet<>();
    for (Field field : fields) {
      if (!names.add(field.name())) {
        findings.error(
            "FLX-TOPO-0068",
            "rightPrefix",
            "two fields of its results would be named '" + field.name() + "'",
            "give another leftPrefix or rightPrefix, or rename the field before");
        return false;
      }
    }
    return true;
  }

  /** Whether the values of both inputs compare, and ties can be decided. */
  private boolean closest(JoinBound.AsOf asOf, Schema left, Schema right) {
    boolean sound = findings.order("asOf.ties", asOf.ties(), right);
    AsOfMatch match = asOf.match();
    if (match == null) {
      return false;
    }
    boolean isOrdered =
        findings.order("asOf.match", List.of(SortField.ascending(match.left())), left);
    isOrdered &= findings.order("asOf.match", List.of(SortField.ascending(match.right())), right);
    if (!isOrdered) {
      return false;
    }
    DataType ofLeft = left.type(left.ordinal(match.left()));
    DataType ofRight = right.type(right.ordinal(match.right()));
    if (!ofLeft.equals(ofRight)) {
      findings.error(
          "FLX-TOPO-0069",
          "asOf.match",
          "'" + match.left() + "' is " + ofLeft + " and '" + match.right() + "' is " + ofRight,
          "cast one of them before, by a map");
      sound = false;
    }
    return sound;
  }

  private boolean keys(List<Schema> inputs) {
    Schema left = inputs.get(JoinType.LEFT_INPUT);
    Schema right = inputs.get(JoinType.RIGHT_INPUT);
    boolean there = findings.key("on", join.key(JoinType.LEFT_INPUT), left);
    there &= findings.key("on", join.key(JoinType.RIGHT_INPUT), right);
    if (!there) {
      return false;
    }
    boolean equal = true;
    for (Map.Entry<String, String> pair : join.on().entrySet()) {
      DataType ofLeft = left.type(left.ordinal(pair.getKey()));
      DataType ofRight = right.type(right.ordinal(pair.getValue()));
      if (!ofLeft.equals(ofRight)) {
        findings.error(
            "FLX-TOPO-0069",
            "on",
            "'" + pair.getKey() + "' is " + ofLeft + " and '" + pair.getValue() + "' is " + ofRight,
            "cast one of them before, by a map");
        equal = false;
      }
    }
    return equal;
  }
}
