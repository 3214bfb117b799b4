package io.fluxcore.infrastructure.metrics;

import io.fluxcore.domain.operator.Ledger.Counts;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The accounts of an operator that are meters. Accepted rows are what is left of those that came
 * in.
 */
enum Account {
  ROWS_IN("rows.in", null, "Rows that arrived", Counts::rowsIn),
  ROWS_LATE("rows.late", null, "Rows that came after their windows were closed", Counts::late),
  ROWS_FILTERED("rows.filtered", null, "Rows that a condition kept out", Counts::filtered),
  ROWS_FAILED("rows.failed", null, "Rows that could not be processed", Counts::failed),
  ROWS_DROPPED("rows.dropped", null, "Rows that load shedding took out", Counts::dropped),
  ROWS_OUT("rows.out", null, "Rows that left", Counts::rowsOut),
  BYTES_IN("in", "bytes", "Bytes that arrived", Counts::bytesIn),
  BYTES_OUT("out", "bytes", "Bytes that left", Counts::bytesOut);

  private final String suffix;
  private final @Nullable String unit;
  private final String description;
  private final ToLongFunction<Counts> count;

  Account(String suffix, @Nullable String unit, String description, ToLongFunction<Counts> count) {
    this.suffix = suffix;
    this.unit = unit;
    this.description = description;
    this.count = count;
  }

  String meterName() {
    return "fluxcore.operator." + suffix;
  }

  @Nullable String unit() {
    return unit;
  }

  String description() {
    return description;
  }

  long of(Counts counts) {
    return count.applyAsLong(counts);
  }
}
