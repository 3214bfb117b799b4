package io.fluxcore.domain.window;

import static io.fluxcore.domain.aggregate.AggregateCall.Kind.APPROX_COUNT_DISTINCT;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.BIT_AND;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.BIT_OR;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.BIT_XOR;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.COLLECT;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.COUNT_DISTINCT;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.FIRST;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.LAST;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.LIST;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.MAX;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.PERCENTILE_CONT;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.PERCENTILE_DISC;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.QUANTILE;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.STDDEV_POP;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.STDDEV_SAMP;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.SUM;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.TOP;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.VAR_POP;
import static io.fluxcore.domain.aggregate.AggregateCall.Kind.VAR_SAMP;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.aggregate.AggregateContext;
import io.fluxcore.domain.aggregate.AggregateSettings;
import io.fluxcore.domain.aggregate.ExactSketches;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Backend;
import io.fluxcore.domain.harness.Exchange;
import io.fluxcore.domain.harness.Mode;
import io.fluxcore.domain.harness.Rows;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every aggregate in windows against {@link WindowReference}, on seeded random input, in every
 * mode: seeds take turns with the modes. Doubles that were reckoned in another order agree to eight
 * digits.
 */
class AggregateModelTest {
  /** Of the modes; as many seeds together run all of them. */
  private static final int SHARES = 3;

  private static final Schema SCHEMA = WindowScripts.SCHEMA;
  private static final Pattern FRACTION = Pattern.compile("-?\\d+\\.\\d+(?:E-?\\d+)?");

  /** Moves numbers off the middle between two with eight digits, where noise would decide. */
  private static final BigDecimal NO_TIE = new BigDecimal("1.00000000012345");

  private static final List<AggregateCall> RETRACTABLE =
      List.of(
          AggregateCall.countAll("n"),
          AggregateCall.countAll("some").where("hits > 0"),
          AggregateCall.of(SUM, "ratio", "some_ratio").where("page is null"),
          AggregateCall.of(SUM, "price", "some_price").where("hits > 0"),
          AggregateCall.of(VAR_SAMP, "ratio", "var_samp"),
          AggregateCall.of(VAR_POP, "hits", "var_pop"),
          AggregateCall.of(STDDEV_SAMP, "price", "stddev_samp"),
          AggregateCall.of(STDDEV_POP, "ratio", "stddev_pop").where("hits > 0"),
          AggregateCall.of(BIT_AND, "hits", "bit_and"),
          AggregateCall.of(BIT_OR, "hits", "bit_or"),
          AggregateCall.of(BIT_XOR, "hits", "bit_xor").where("hits > 0"),
          percentiles(PERCENTILE_CONT, "ratio", null, false, 0.5),
          percentiles(PERCENTILE_CONT, "price", null, true, 0.0, 0.1, 1.0),
          percentiles(PERCENTILE_CONT, "price", "hits", false, 0.25),
          percentiles(PERCENTILE_DISC, "page", null, false, 0.5),
          percentiles(PERCENTILE_DISC, "hits", null, true, 0.3));

  /** All that is told of pairs. */
  private static final List<AggregateCall> OF_PAIRS =
      Stream.of(AggregateCall.Kind.values())
          .filter(kind -> kind.ofPairs() != null)
          .map(
              kind ->
                  AggregateCall.of(
                      kind,
                      "ratio",
                      AggregateSettings.NONE.withOther("price"),
                      "of_pairs_" + kind.name().toLowerCase(Locale.ROOT)))
          .toList();

  /** In an order in which equal rows have equal values. */
  private static final List<AggregateCall> ORDERED =
      List.of(
          ordered(LIST, "page", SortField.descending("page")),
          ordered(LIST, "hits", SortField.parse("page nulls last"), SortField.ascending("hits")),
          ordered(FIRST, "page", SortField.ascending("hits"), SortField.descending("page")),
          ordered(LAST, "hits", SortField.parse("page desc nulls first"), SortField.parse("hits")));

  /** What may be aggregated before an exchange. */
  static final List<AggregateCall> PARTIAL =
      Stream.concat(
              Stream.concat(RETRACTABLE.stream(), OF_PAIRS.stream()),
              Stream.of(
                  AggregateCall.of(
                      QUANTILE,
                      "ratio",
                      AggregateSettings.fractions(List.of(0.5)).withOther("hits"),
                      "weighted"),
                  AggregateCall.of(MAX, "page", "max_page").where("hits > 0"),
                  AggregateCall.of(TOP, "hits", AggregateSettings.limit(3), "top_hits"),
                  AggregateCall.of(
                      TOP, "price", AggregateSettings.limit(4).withLabel("page"), "top_price"),
                  AggregateCall.of(
                      QUANTILE, "ratio", AggregateSettings.fractions(List.of(0.5)), "median"),
                  AggregateCall.of(
                      QUANTILE, "ratio", AggregateSettings.fractions(List.of(0.0, 0.9, 1.0)), "q"),
                  AggregateCall.of(APPROX_COUNT_DISTINCT, "page", "about_pages"),
                  AggregateCall.of(APPROX_COUNT_DISTINCT, "price", "about_prices")))
          .toList();

  private static final List<AggregateCall> DISTINCT =
      Stream.of("user", "page", "hits", "ratio", "price", "raw")
          .map(field -> AggregateCall.of(COUNT_DISTINCT, field, "distinct_" + field))
          .toList();

  static final List<AggregateCall> ALL =
      Stream.of(
              PARTIAL.stream(),
              DISTINCT.stream(),
              ORDERED.stream(),
              Stream.of(
                  AggregateCall.of(FIRST, "page", "first_page"),
                  AggregateCall.of(LAST, "hits", "last_hits"),
                  AggregateCall.of(LAST, "raw", "last_raw").where("hits > 0"),
                  AggregateCall.of(COLLECT, "page", AggregateSettings.limit(3), "pages"),
                  AggregateCall.of(COLLECT, "hits", AggregateSettings.limit(100), "all_hits")))
          .flatMap(calls -> calls)
          .toList();

  private static AggregateCall percentiles(
      AggregateCall.Kind kind,
      String field,
      @Nullable String other,
      boolean descending,
      Double... fractions) {
    AggregateSettings settings =
        AggregateSettings.fractions(List.of(fractions))
            .withOther(other)
            .withOrder(List.of(new SortField(field, descending)));
    return AggregateCall.of(
        kind, field, settings, kind.name().toLowerCase(Locale.ROOT) + "_" + field + "_" + other);
  }

  private static AggregateCall ordered(AggregateCall.Kind kind, String field, SortField... order) {
    return AggregateCall.of(
        kind,
        field,
        AggregateSettings.order(List.of(order)),
        "ordered_" + kind.name().toLowerCase(Locale.ROOT) + "_" + field);
  }

  private static WindowAggregation aggregation(
      long seed, List<AggregateCall> calls, boolean changelog) {
    return new WindowAggregation(
        seed % 2 == 0 ? List.of("user") : List.of("page"),
        seed % 3 == 0 ? WindowSpec.sliding(3_000, 1_000, 0) : WindowSpec.tumbling(2_000, 7),
        calls,
        0,
        Accumulation.ACCUMULATING,
        TimeCharacteristic.EVENT,
        Trigger.onWatermark(),
        new AggregateContext(
            AggregateContext.STANDARD.expressions(), new ExactSketches(), changelog));
  }

  /** Rows of different times, so that arrival decides nothing. */
  static Script script(long seed) {
    Random random = new Random(seed);
    WindowScripts values = new WindowScripts(seed, 3, 6);
    Script.Builder script = Script.of(SCHEMA);
    Set<Long> times = new HashSet<>();
    for (int i = 0; i < 120; i++) {
      long time = i * 100L + random.nextInt(1_000);
      while (!times.add(time)) {
        time++;
      }
      script.row(time, values.values());
      if (i % 13 == 12) {
        script.watermark(i * 100L - 1);
      }
      if (random.nextInt(6) == 0) {
        script.cut();
      }
    }
    return script.end();
  }

  private static Exchange exchange(WindowAggregation aggregation) {
    return Exchange.hash(aggregation.groupBy().stream().mapToInt(SCHEMA::ordinal).toArray());
  }

  /** Fractions with eight digits, and what is left of zero after rows were taken back as zero. */
  private static String rounded(String text) {
    return FRACTION
        .matcher(text)
        .replaceAll(
            match ->
                new BigDecimal(match.group())
                    .multiply(NO_TIE)
                    .setScale(9, RoundingMode.HALF_UP)
                    .round(new MathContext(8))
                    .stripTrailingZeros()
                    .toPlainString());
  }

  static List<String> rounded(Collection<String> texts) {
    return texts.stream().map(AggregateModelTest::rounded).toList();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void onePhase_givesTheSameInEveryMode(long seed) {
    for (boolean changelog : new boolean[] {false, true}) {
      WindowAggregation aggregation = aggregation(seed, ALL, changelog);
      assertThat(aggregation.canPreAggregate(SCHEMA)).isFalse();
      Script script = script(seed);
      WindowReference reference = new WindowReference(aggregation, SCHEMA).run(script);
      StageHarness.of(() -> aggregation.operator(SCHEMA), exchange(aggregation), 2)
          .view(0, rows -> rounded(Rows.texts(rows)))
          .share(seed, SHARES)
          .assertEverywhere(script, List.of(rounded(reference.results()), List.of()));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 6, 7})
  void twoPhases_giveTheSameInEveryMode(long seed) {
    WindowAggregation aggregation = aggregation(seed, PARTIAL, false);
    assertThat(aggregation.canPreAggregate(SCHEMA)).isTrue();
    Script script = script(seed);
    WindowReference reference = new WindowReference(aggregation, SCHEMA).run(script);
    StageHarness.of(WindowModelTest.twoPhases(aggregation, SCHEMA))
        .view(0, rows -> rounded(Rows.texts(rows)))
        .share(seed, SHARES)
        .assertEverywhere(script, List.of(rounded(reference.results()), List.of()));
  }

  @ParameterizedTest
  @ValueSource(longs = {8, 10, 12})
  void rowsTakenBack_leaveTheResultsOfTheOthers(long seed) {
    List<AggregateCall> calls =
        Stream.of(RETRACTABLE, OF_PAIRS, ORDERED, DISTINCT).flatMap(List::stream).toList();
    WindowAggregation aggregation = aggregation(seed, calls, true);
    assertThat(aggregation.program(SCHEMA).canRetract()).isTrue();
    assertThat(aggregation(seed, DISTINCT, false).program(SCHEMA).canRetract()).isFalse();
    Random random = new Random(seed);
    Script.Builder changes = Script.of(SCHEMA);
    Script.Builder survivors = Script.of(SCHEMA);
    WindowScripts values = new WindowScripts(seed, 3, 6);
    List<Runnable> takeBacks = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      long time = random.nextInt(6_000);
      Object[] row = values.values();
      changes.row(time, row);
      if (random.nextInt(3) == 0) {
        takeBacks.add(() -> changes.row(0, RowKind.DELETE, time, row));
      } else {
        survivors.row(time, row);
      }
    }
    takeBacks.forEach(Runnable::run);
    WindowReference reference = new WindowReference(aggregation, SCHEMA).run(survivors.end());
    StageHarness.of(() -> aggregation.operator(SCHEMA), exchange(aggregation), 2)
        .in(List.of(Mode.PLAIN, Mode.PLAIN.with(Backend.EVICTING)))
        .view(0, rows -> rounded(Rows.texts(rows)))
        .assertEverywhere(changes.end(), List.of(rounded(reference.results()), List.of()));
  }
}
