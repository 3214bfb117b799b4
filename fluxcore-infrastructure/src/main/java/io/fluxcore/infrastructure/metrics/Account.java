package io.fluxcore.infrastructure.metrics;

import io.fluxcore.domain.operator.Ledger.Counts;
import io.fluxcore.domain.shedding.SheddingPolicy;
import io.micrometer.core.instrument.Tags;
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
  DROPPED_OLDEST(SheddingPolicy.OLDEST),
  DROPPED_LOWEST_PRIORITY(SheddingPolicy.LOWEST_PRIORITY),
  DROPPED_SAMPLE(SheddingPolicy.SAMPLE),
  ROWS_OUT("rows.out", null, "Rows that left", Counts::rowsOut),
  BYTES_IN("in", "bytes", "Bytes that arrived", Counts::bytesIn),
  BYTES_OUT("out", "bytes", "Bytes that left", Counts::bytesOut);

  private final String suffix;
  private final @Nullable String unit;
  private final String description;
  private final ToLongFunction<Counts> count;
  private final Tags tags;

  Account(SheddingPolicy policy) {
    this(
        "rows.dropped",
        null,
        "Rows that load shedding took out, by policy",
        counts -> counts.droppedBy().of(policy),
        Tags.of("policy", policy.word()));
  }

  Account(String suffix, @Nullable String unit, String description, ToLongFunction<Counts> count) {
    this(suffix, unit, description, count, Tags.empty());
  }

  Account(
      String suffix,
      @Nullable String unit,
      String description,
      ToLongFunction<Counts> count,
      Tags tags) {
    this.tags = tags;
    this.suffix = suffix;
    this.unit = unit;
    this.description = description;
    this.count = count;
  }

  String meterName() {
    return "fluxcore.operator." + suffix;
  }

  /** What tells meters of one name apart. */
  Tags tags() {
    return tags;
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
