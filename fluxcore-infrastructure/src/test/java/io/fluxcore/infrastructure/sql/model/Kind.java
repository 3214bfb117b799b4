package io.fluxcore.infrastructure.sql.model;

/** Types of values: Long, BigDecimal, String, Boolean, LocalDateTime. */
enum Kind {
  LONG("BIGINT"),
  DECIMAL("DECIMAL(10, 2)"),
  TEXT("STRING"),
  FLAG("BOOLEAN"),
  TIME("TIMESTAMP(3)");

  private final String sql;

  Kind(String sql) {
    this.sql = sql;
  }

  String sql() {
    return sql;
  }
}
