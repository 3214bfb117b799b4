package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.infrastructure.sql.catalogue.StreamOperators;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.avatica.util.TimeUnitRange;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.NlsString;
import org.jspecify.annotations.Nullable;

/**
 * Writes what the clocks of a zone decide into the expressions of a query: an instant is read as
 * what they show, and what they show is an instant. So a job means the same wherever it runs.
 */
final class ZonedTimes extends RexShuttle {
  private static final int SECONDS_PER_HOUR = 3600;

  /** The end of a text that says its offset itself. */
  private static final String OFFSET =
      ":[0-9]{2}(\\.[0-9]+)?\\s*([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)\\s*$";

  private final ZoneId zone;
  private final RexBuilder builder;
  private final SqlOperatorTable operators;

  ZonedTimes(ZoneId zone, RexBuilder builder, SqlOperatorTable operators) {
    this.zone = zone;
    this.builder = builder;
    this.operators = operators;
  }

  /** The same query with the zone written in. */
  RelNode of(RelNode rel) {
    return rel.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode other) {
            return super.visit(other).accept(ZonedTimes.this);
          }
        });
  }

  /**
   * A value as another type, in the expression language.
   *
   * @param zone null: that of the engine
   */
  static String cast(String text, DataType is, RelDataType wanted, @Nullable ZoneId zone) {
    if (DayTimeText.isTime(wanted)) {
      return zone != null && is.kind() == DataType.Kind.TIMESTAMP_TZ
          ? DayTimeText.of(shown(text, zone), DataType.TIMESTAMP, wanted, false)
          : DayTimeText.of(text, is, wanted, false);
    }
    DataType.Kind to = Tables.held(wanted).kind();
    if (zone == null || is.kind() == to) {
      return RexText.typed(text, is, wanted);
    }
    boolean isRead = to == DataType.Kind.STRING || to == DataType.Kind.DATE;
    if (is.kind() == DataType.Kind.TIMESTAMP_TZ && (isRead || to == DataType.Kind.TIMESTAMP)) {
      return RexText.typed(shown(text, zone), DataType.TIMESTAMP, wanted);
    }
    boolean isShown = is.kind() == DataType.Kind.TIMESTAMP || is.kind() == DataType.Kind.DATE;
    if (to == DataType.Kind.TIMESTAMP_TZ && isShown) {
      return "instant(cast(" + text + " as timestamp), " + RexText.quoted(zone.getId()) + ")";
    }
    return RexText.typed(text, is, wanted);
  }

  private static String shown(String instant, ZoneId zone) {
    return "wall_clock(" + instant + ", " + RexText.quoted(zone.getId()) + ")";
  }

  @Override
  public RexNode visitCall(RexCall given) {
    RexNode expanded =
        given.getKind() == SqlKind.SEARCH ? RexUtil.expandSearch(builder, null, given) : given;
    RexNode visited = super.visitCall((RexCall) expanded);
    if (!(visited instanceof RexCall call)) {
      return visited;
    }
    return switch (call.getKind()) {
      case CAST, SAFE_CAST -> cast(call);
      case EXTRACT -> with(call, 1, shown(call.getOperands().get(1)));
      case FLOOR, CEIL -> rounded(call);
      case PLUS, MINUS -> moved(call);
      case EQUALS,
          NOT_EQUALS,
          LESS_THAN,
          LESS_THAN_OR_EQUAL,
          GREATER_THAN,
          GREATER_THAN_OR_EQUAL,
          IS_DISTINCT_FROM,
          IS_NOT_DISTINCT_FROM ->
          compared(call);
      default -> called(call);
    };
  }

  private static boolean isInstant(RexNode node) {
    return node.getType().getSqlTypeName() == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE;
  }

  private static boolean isShown(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.TIMESTAMP
        || type.getSqlTypeName() == SqlTypeName.DATE;
  }

  private RexNode name() {
    return builder.makeLiteral(zone.getId());
  }

  private RelDataType type(SqlTypeName name, RexNode like) {
    RelDataType type = builder.getTypeFactory().createSqlType(name, 6);
    return builder.getTypeFactory().createTypeWithNullability(type, like.getType().isNullable());
  }

  private RexNode call(String function, RelDataType type, RexNode... operands) {
    SqlOperator operator =
        operators.getOperatorList().stream()
            .filter(known -> known.getName().equals(function))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no function " + function));
    return builder.makeCall(type, operator, List.of(operands));
  }

  /** What the clocks show at an instant; anything else as it is. */
  private RexNode shown(RexNode node) {
    return isInstant(node)
        ? call("WALL_CLOCK", type(SqlTypeName.TIMESTAMP, node), node, name())
        : node;
  }

  /** When the clocks show a time or a date. */
  private RexNode instant(RexNode node) {
    RexNode time =
        node.getType().getSqlTypeName() == SqlTypeName.TIMESTAMP
            ? node
            : builder.makeCast(type(SqlTypeName.TIMESTAMP, node), node);
    return call("INSTANT", type(SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, node), time, name());
  }

  private RexNode with(RexCall call, int index, RexNode operand) {
    List<RexNode> operands = new ArrayList<>(call.getOperands());
    operands.set(index, operand);
    return call.clone(call.getType(), operands);
  }

  private RexNode cast(RexCall call) {
    RexNode operand = call.getOperands().get(0);
    RelDataType to = call.getType();
    boolean isRead = isShown(to) || DayTimeText.isTime(to) || SqlTypeUtil.isCharacter(to);
    if (isInstant(operand) && isRead) {
      return with(call, 0, shown(operand));
    }
    if (!isInstant(call)) {
      return call;
    }
    if (isShown(operand.getType())) {
      return instant(operand);
    }
    if (SqlTypeUtil.isCharacter(operand.getType())) { // which may say its offset itself
      RelDataType time =
          builder
              .getTypeFactory()
              .createTypeWithNullability(type(SqlTypeName.TIMESTAMP, operand), true);
      RexNode local = builder.makeCall(time, call.getOperator(), List.of(operand));
      RexNode hasOffset =
          call(
              "REGEXP",
              builder.getTypeFactory().createSqlType(SqlTypeName.BOOLEAN),
              operand,
              builder.makeLiteral(OFFSET));
      return builder.makeCall(
          to, SqlStdOperatorTable.CASE, List.of(hasOffset, call, instant(local)));
    }
    return call;
  }

  /** Hours and less are the same in zones that are whole hours apart from UTC. */
  private RexNode rounded(RexCall call) {
    if (call.getOperands().size() != 2 || !isInstant(call.getOperands().get(0))) {
      return call;
    }
    String unit = String.valueOf(((RexLiteral) call.getOperands().get(1)).getValue());
    boolean isOfDay =
        switch (unit.toUpperCase(Locale.ROOT)) {
          case "HOUR" -> isOfWholeHours();
          case "MINUTE", "SECOND", "MILLISECOND", "MICROSECOND" -> true;
          default -> false;
        };
    if (isOfDay) {
      return call;
    }
    RexNode time = shown(call.getOperands().get(0));
    return instant(
        builder.makeCall(
            time.getType(), call.getOperator(), List.of(time, call.getOperands().get(1))));
  }

  private boolean isOfWholeHours() {
    return zone.getRules().getStandardOffset(Instant.EPOCH).getTotalSeconds() % SECONDS_PER_HOUR
            == 0
        && zone.getRules().getTransitions().stream()
            .filter(transition -> transition.getInstant().getEpochSecond() >= 0)
            .allMatch(t -> t.getOffsetAfter().getTotalSeconds() % SECONDS_PER_HOUR == 0)
        && zone.getRules().getTransitionRules().stream()
            .allMatch(rule -> rule.getOffsetAfter().getTotalSeconds() % SECONDS_PER_HOUR == 0);
  }

  /** Months and years later; days and less are so many hours. Or months between two instants. */
  private RexNode moved(RexCall call) {
    if (call.getOperands().size() != 2) {
      return call;
    }
    RexNode time = call.getOperands().get(0);
    RexNode other = call.getOperands().get(1);
    if (SqlTypeName.YEAR_INTERVAL_TYPES.contains(other.getType().getSqlTypeName())
        && isInstant(time)) {
      RexNode local = shown(time);
      return instant(builder.makeCall(local.getType(), call.getOperator(), List.of(local, other)));
    }
    if (SqlTypeName.YEAR_INTERVAL_TYPES.contains(call.getType().getSqlTypeName())) {
      return call.clone(call.getType(), List.of(shown(time), shown(other)));
    }
    return call.getKind() == SqlKind.MINUS ? compared(call) : call;
  }

  /** An instant and what clocks show are compared as instants. */
  private RexNode compared(RexCall call) {
    List<RexNode> operands = call.getOperands();
    if (operands.size() != 2) {
      return call;
    }
    for (int i = 0; i < 2; i++) {
      if (isInstant(operands.get(1 - i)) && isShown(operands.get(i).getType())) {
        return with(call, i, instant(operands.get(i)));
      }
    }
    return call;
  }

  private RexNode called(RexCall call) {
    List<RexNode> operands = call.getOperands();
    SqlOperator operator = call.getOperator();
    if (operator.equals(StreamOperators.FROM_UNIXTIME)) {
      return fromUnixTime(call);
    }
    if (operator.equals(StreamOperators.UNIX_TIMESTAMP) && !operands.isEmpty()) {
      return unixTimestamp(call);
    }
    return switch (operator.getName().toUpperCase(Locale.ROOT)) {
      case "DATE_FORMAT" -> with(call, 0, shown(operands.get(0)));
      case "CURRENT_TIME", "LOCALTIME", "CURRENT_DATE" ->
          builder.makeAbstractCast(call.getType(), shown(now()), false);
      case "LOCALTIMESTAMP" -> builder.makeAbstractCast(call.getType(), shown(now()), false);
      default -> call;
    };
  }

  private RexNode now() {
    return builder.makeCall(
        builder.getTypeFactory().createSqlType(SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, 6),
        SqlStdOperatorTable.CURRENT_TIMESTAMP,
        List.of());
  }

  private RexNode fromUnixTime(RexCall call) {
    RexNode seconds = call.getOperands().get(0);
    RexNode time =
        builder.makeCall(
            type(SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, seconds),
            StreamOperators.TO_TIMESTAMP_LTZ,
            List.of(seconds, builder.makeExactLiteral(BigDecimal.ZERO)));
    RexNode format =
        call.getOperands().size() > 1
            ? call.getOperands().get(1)
            : builder.makeLiteral("yyyy-MM-dd HH:mm:ss");
    return call("DATE_FORMAT", call.getType(), shown(time), format);
  }

  /** A pattern that has a zone of its own says it. */
  private RexNode unixTimestamp(RexCall call) {
    List<RexNode> operands = call.getOperands();
    if (operands.size() > 1
        && (!(operands.get(1) instanceof RexLiteral pattern)
            || hasZone(String.valueOf(pattern.getValueAs(NlsString.class))))) {
      return call;
    }
    RelDataType time =
        builder
            .getTypeFactory()
            .createTypeWithNullability(type(SqlTypeName.TIMESTAMP, operands.get(0)), true);
    RexNode parsed = call("TO_TIMESTAMP", time, operands.toArray(RexNode[]::new));
    return builder.makeCall(
        call.getType(),
        SqlStdOperatorTable.EXTRACT,
        List.of(builder.makeFlag(TimeUnitRange.EPOCH), instant(parsed)));
  }

  private static boolean hasZone(String pattern) {
    return pattern.replaceAll("'[^']*'", "").matches("(?s).*[VvzOXxZ].*");
  }
}
