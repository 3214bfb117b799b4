package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DataType.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The conversions that happen without a cast; {@link Expression} lists them. */
final class Coercion {
  private Coercion() {}

  /** The operand as a type, or null if that takes a cast. */
  static @Nullable Evaluator implicit(
      Evaluator operand, DataType target, ExpressionContext context) {
    DataType type = operand.type();
    if (type.equals(target) && !isUntypedNull(operand)) {
      return operand;
    }
    if (isUntypedNull(operand)) {
      return ConstantEvaluator.of(target, null);
    }
    if (!isSafe(operand, target)) {
      return null;
    }
    Conversion conversion = Conversions.find(type, target, context.zone(), false);
    if (conversion == null) {
      return null;
    }
    Evaluator converted =
        CompileScope.folded(
            new CastEvaluator(operand, target, conversion, false), List.of(operand));
    boolean malformedLiteral = type.kind() == Kind.STRING && !converted.isConstant();
    return malformedLiteral ? null : converted;
  }

  static boolean isUntypedNull(Operand operand) {
    return operand instanceof ConstantEvaluator constant && constant.isUntypedNull();
  }

  private static boolean isSafe(Operand operand, DataType target) {
    Kind to = target.kind();
    return switch (operand.type().kind()) {
      case LONG ->
          to == Kind.DOUBLE
              || (to == Kind.DECIMAL
                  && target.precision() - target.scale() >= Decimals.typeOf(operand).precision());
      case DECIMAL -> to == Kind.DOUBLE || (to == Kind.DECIMAL && isWider(target, operand.type()));
      case DATE -> to == Kind.TIMESTAMP || to == Kind.TIMESTAMP_TZ;
      case TIMESTAMP -> to == Kind.TIMESTAMP_TZ;
      case STRING -> operand.isConstant() && isTemporal(target);
      case NESTED -> to != Kind.BYTES;
      default -> false;
    };
  }

  /** The common type of two wide decimals may lack digits of one; then rows that need them fail. */
  private static boolean isWider(DataType target, DataType type) {
    return target.precision() == DataType.MAX_DECIMAL_PRECISION
        || (target.scale() >= type.scale()
            && target.precision() - target.scale() >= type.precision() - type.scale());
  }

  static boolean isTemporal(DataType type) {
    return type.isLongBacked() && type.kind() != Kind.LONG;
  }

  /** The type that all operands can be converted to; null if there is none. */
  static @Nullable DataType common(List<? extends Operand> operands) {
    DataType common = null;
    boolean nested = false;
    for (Operand operand : operands) {
      if (isUntypedNull(operand) || isDatedText(operand, operands)) {
        continue;
      }
      if (operand.type().kind() == Kind.NESTED) {
        nested = true;
        continue;
      }
      common = common == null ? operand.type() : common(common, operand.type());
      if (common == null) {
        return null;
      }
    }
    if (common == null) {
      return nested ? DataType.NESTED : DataType.STRING;
    }
    return nested && common.isNumeric() ? DataType.DOUBLE : narrowed(common, operands);
  }

  /** The decimal type of all, in which a literal takes no more digits than it has. */
  private static DataType narrowed(DataType common, List<? extends Operand> operands) {
    if (common.kind() != Kind.DECIMAL) {
      return common;
    }
    DataType result = null;
    for (Operand operand : operands) {
      if (operand.type().isNumeric() && !isUntypedNull(operand)) {
        DataType type = Decimals.typeOf(operand);
        result = result == null ? type : Decimals.common(result, type);
      }
    }
    return result == null ? common : result;
  }

  /** Whether an operand is a literal string beside a date or timestamp. */
  private static boolean isDatedText(Operand operand, List<? extends Operand> operands) {
    return operand.type().kind() == Kind.STRING
        && operand.isConstant()
        && operands.stream().anyMatch(other -> isTemporal(other.type()));
  }

  private static @Nullable DataType common(DataType a, DataType b) {
    if (a.equals(b)) {
      return a;
    }
    if (a.isNumeric() && b.isNumeric()) {
      if (a.kind() == Kind.DOUBLE || b.kind() == Kind.DOUBLE) {
        return DataType.DOUBLE;
      }
      return a.kind() == Kind.DECIMAL ? a : b;
    }
    if (isTemporal(a) && isTemporal(b)) {
      return a.kind().compareTo(b.kind()) > 0 ? a : b;
    }
    return null;
  }

  /** An operand's type as messages name it. */
  static String describe(Operand operand) {
    return isUntypedNull(operand) ? "null" : "a " + operand.type();
  }
}
