package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.infrastructure.sql.plan.Relation.Role;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison of the times of both sides of a join says of how much later the right row may
 * be, in milliseconds.
 *
 * @param lower the least, or null
 * @param upper the most, or null
 */
record TimeTerm(@Nullable Long lower, @Nullable Long upper) {
  /** A time of a side and what is added to it. */
  private record Time(boolean isLeft, long plus) {}

  /** What a term says; null if it is no such comparison. */
  static @Nullable TimeTerm of(RexNode term, Relation left, Relation right, int size) {
    if (!(term instanceof RexCall call) || call.getOperands().size() != 2) {
      return null;
    }
    Time a = time(call.getOperands().get(0), left, right, size);
    Time b = time(call.getOperands().get(1), left, right, size);
    if (a == null || b == null || a.isLeft() == b.isLeft()) {
      return null;
    }
    SqlKind kind = a.isLeft() ? call.getKind().reverse() : call.getKind();
    Time ofLeft = a.isLeft() ? a : b;
    Time ofRight = a.isLeft() ? b : a;
    long bound = ofLeft.plus() - ofRight.plus(); // right − left is compared with it
    return switch (kind) {
      case GREATER_THAN -> new TimeTerm(bound + 1, null);
      case GREATER_THAN_OR_EQUAL -> new TimeTerm(bound, null);
      case LESS_THAN -> new TimeTerm(null, bound - 1);
      case LESS_THAN_OR_EQUAL -> new TimeTerm(null, bound);
      case EQUALS -> new TimeTerm(bound, bound);
      default -> null;
    };
  }

  private static @Nullable Time time(RexNode node, Relation left, Relation right, int size) {
    if (node instanceof RexInputRef ref) {
      boolean isLeft = ref.getIndex() < size;
      Role role =
          isLeft ? left.column(ref.getIndex()).role() : right.column(ref.getIndex() - size).role();
      return switch (role) {
        case EVENT_TIME -> new Time(isLeft, 0);
        case RESULT_END -> new Time(isLeft, 1); // the time of a result is a millisecond before it
        default -> null;
      };
    }
    if (!(node instanceof RexCall call)) {
      return null;
    }
    if (call.getKind() == SqlKind.CAST) {
      return time(call.getOperands().get(0), left, right, size);
    }
    boolean isSum = call.getKind() == SqlKind.PLUS || call.getKind() == SqlKind.MINUS;
    if (!isSum
        || call.getOperands().size() != 2
        || !SqlTypeUtil.isInterval(call.getOperands().get(1).getType())) {
      return null;
    }
    Time time = time(call.getOperands().get(0), left, right, size);
    if (time == null) {
      return null;
    }
    long millis = WindowCalls.duration(call.getOperands().get(1)).toMillis();
    return new Time(
        time.isLeft(),
        call.getKind() == SqlKind.PLUS ? time.plus() + millis : time.plus() - millis);
  }
}
