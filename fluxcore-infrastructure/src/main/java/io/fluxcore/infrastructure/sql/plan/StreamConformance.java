package io.fluxcore.infrastructure.sql.plan;

import org.apache.calcite.sql.validate.SqlAbstractConformance;
import org.apache.calcite.sql.validate.SqlConformance;

/** What is allowed beyond the standard, because Flink SQL or everybody allows it. */
final class StreamConformance extends SqlAbstractConformance {
  static final SqlConformance INSTANCE = new StreamConformance();

  private StreamConformance() {}

  @Override
  public boolean isBangEqualAllowed() {
    return true;
  }

  @Override
  public boolean isPercentRemainderAllowed() {
    return true;
  }

  @Override
  public boolean isGroupByOrdinal() {
    return true;
  }

  @Override
  public boolean allowNiladicParentheses() {
    return true;
  }

  @Override
  public boolean isLimitStartCountAllowed() {
    return true;
  }
}
