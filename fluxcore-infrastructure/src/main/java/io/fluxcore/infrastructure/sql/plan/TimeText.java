package io.fluxcore.infrastructure.sql.plan;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.NlsString;
import org.jspecify.annotations.Nullable;

/** Writes reckoning with times, and patterns of SQL, in the expression language. */
final class TimeText {
  private static final Map<String, String> PARTS_OF_SECOND =
      Map.of("1000", "millisecond", "1000000", "microsecond");

  private TimeText() {}

  private static boolean isMonths(RelDataType interval) {
    return SqlTypeName.YEAR_INTERVAL_TYPES.contains(interval.getSqlTypeName());
  }

  /** A time and an interval that is computed, one later than the other; null if it is no such. */
  static @Nullable String moved(RexCall call, Function<RexNode, String> write) {
    if (call.getOperands().size() != 2) {
      return null;
    }
    RexNode time = call.getOperands().get(0);
    RexNode interval = call.getOperands().get(1);
    if (!SqlTypeUtil.isInterval(interval.getType())
        || SqlTypeUtil.isInterval(time.getType())
        || interval instanceof RexLiteral) {
      return null;
    }
    String count = count(interval, write);
    String unit = isMonths(interval.getType()) ? "month" : "millisecond";
    String sign = call.getKind() == SqlKind.MINUS ? "-" : "";
    return "time_add('" + unit + "', " + sign + count + ", " + write.apply(time) + ")";
  }

  /** The months or milliseconds of an interval. */
  private static String count(RexNode interval, Function<RexNode, String> write) {
    if (interval instanceof RexLiteral literal) {
      return Objects.requireNonNull(literal.getValueAs(BigDecimal.class)).toBigInteger().toString();
    }
    if (!SqlTypeUtil.isInterval(interval.getType())) {
      return write.apply(interval);
    }
    if (interval instanceof RexCall call) {
      List<RexNode> operands = call.getOperands();
      switch (call.getKind()) {
        case TIMES, PLUS, DIVIDE -> {
          String operator =
              call.getKind() == SqlKind.TIMES ? "*" : call.getKind() == SqlKind.PLUS ? "+" : "/";
          return "("
              + count(operands.get(0), write)
              + " "
              + operator
              + " "
              + count(operands.get(1), write)
              + ")";
        }
        case MINUS_PREFIX -> {
          return "(-" + count(operands.get(0), write) + ")";
        }
        case CAST -> {
          if (SqlTypeUtil.isInterval(operands.get(0).getType())) {
            return count(operands.get(0), write);
          }
        }
        default -> {}
      }
    }
    throw Unsupported.of(
        "the interval " + interval + " cannot be computed",
        "write TIMESTAMPADD(unit, count, time)");
  }

  /** The months or milliseconds between two times; null if this is no difference of times. */
  static @Nullable String units(RexNode node, Function<RexNode, String> write) {
    if (!isDifference(node)) {
      return null;
    }
    String unit = isMonths(node.getType()) ? "month" : "millisecond";
    return difference(unit, (RexCall) node, write);
  }

  private static boolean isDifference(RexNode node) {
    return node instanceof RexCall call
        && call.getKind() == SqlKind.MINUS
        && call.getOperands().size() == 2
        && SqlTypeUtil.isInterval(call.getType())
        && SqlTypeUtil.isDatetime(call.getOperands().get(0).getType())
        && SqlTypeUtil.isDatetime(call.getOperands().get(1).getType());
  }

  private static String difference(String unit, RexCall minus, Function<RexNode, String> write) {
    return "time_difference('"
        + unit
        + "', "
        + write.apply(minus.getOperands().get(1))
        + ", "
        + write.apply(minus.getOperands().get(0))
        + ")";
  }

  /** A difference of times as a number of its unit; null if it is cast to something else. */
  static @Nullable String difference(
      RexNode node, RelDataType to, Function<RexNode, String> write) {
    if (!isDifference(node) || !SqlTypeUtil.isNumeric(to)) {
      return null;
    }
    TimeUnit unit =
        Objects.requireNonNull(node.getType().getIntervalQualifier(), "of an interval").getUnit();
    return difference(unit.name().toLowerCase(Locale.ROOT), (RexCall) node, write);
  }

  /**
   * A difference of times in parts of a second, which Calcite writes as whole seconds times the
   * parts of one; null if it is no such.
   */
  static @Nullable String partsOfSecond(RexCall product, Function<RexNode, String> write) {
    RexNode seconds = RexUtil.removeCast(product.getOperands().get(0));
    if (!(product.getOperands().get(1) instanceof RexLiteral parts)
        || !(seconds instanceof RexCall quotient)
        || quotient.getKind() != SqlKind.DIVIDE
        || !(RexUtil.removeCast(quotient.getOperands().get(0)) instanceof RexCall millis)
        || millis.getKind() != SqlKind.REINTERPRET
        || !isDifference(millis.getOperands().get(0))) {
      return null;
    }
    String unit = PARTS_OF_SECOND.get(String.valueOf(parts.getValueAs(Long.class)));
    return unit == null ? null : difference(unit, (RexCall) millis.getOperands().get(0), write);
  }

  /** A part of a time; longer ones than years are reckoned from those. */
  static String extract(String unit, String time) {
    String year = "extract('year', " + time + ")";
    return switch (unit) {
      case "decade" -> "(" + year + " / 10)";
      case "century" -> "((" + year + " + 99) / 100)";
      case "millennium" -> "((" + year + " + 999) / 1000)";
      default -> "extract(" + RexText.quoted(unit) + ", " + time + ")";
    };
  }

  /** SQL's regular expressions, of which those of a literal are written anew. */
  static String similar(List<RexNode> operands, Function<RexNode, String> write) {
    if (!(operands.get(1) instanceof RexLiteral literal) || literal.isNull()) {
      throw Unsupported.of(
          "the pattern of SIMILAR TO is not a literal", "write it literally, or use REGEXP");
    }
    String pattern = Objects.requireNonNull(literal.getValueAs(NlsString.class)).getValue();
    StringBuilder out = new StringBuilder("^(?s:");
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '%') {
        out.append(".*");
      } else if (c == '_') {
        out.append('.');
      } else if (".^$\\".indexOf(c) >= 0) {
        out.append('\\').append(c);
      } else {
        out.append(c);
      }
    }
    return "regexp_like("
        + write.apply(operands.get(0))
        + ", "
        + RexText.quoted(out.append(")$").toString())
        + ")";
  }
}
