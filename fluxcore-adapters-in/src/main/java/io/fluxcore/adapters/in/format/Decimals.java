package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.event.DataType;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Numbers from outside, whose exponents may be absurd. */
final class Decimals {
  private static final int MAX_LONG_DIGITS = 19;

  private Decimals() {}

  /** The value at the type's scale, or null if it does not fit exactly. */
  static @Nullable BigDecimal fit(DataType type, BigDecimal value) {
    if (value.signum() == 0) {
      return BigDecimal.ZERO.setScale(type.scale());
    }
    if (value.scale() == type.scale()) {
      return value.precision() <= type.precision() ? value : null;
    }
    // Digits before the point, computed without spelling the number out.
    if (value.precision() - (long) value.scale() > type.precision() - type.scale()) {
      return null;
    }
    if (value.scale() > type.scale()) {
      BigDecimal stripped = value.stripTrailingZeros();
      return stripped.scale() <= type.scale() ? stripped.setScale(type.scale()) : null;
    }
    return value.setScale(type.scale());
  }

  /** Whether the value is a 64-bit integer. */
  static boolean isLong(BigDecimal value) {
    if (value.signum() == 0) {
      return true;
    }
    if (value.precision() - (long) value.scale() > MAX_LONG_DIGITS) {
      return false;
    }
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() <= 0 && stripped.toBigInteger().bitLength() < Long.SIZE;
  }

  static long toLong(BigDecimal value) {
    return value.signum() == 0 ? 0 : value.stripTrailingZeros().longValueExact();
  }
}
