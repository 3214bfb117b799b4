package io.fluxcore.domain.window;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.harness.Exchange;
import io.fluxcore.domain.harness.Mode;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Count windows against lists of rows, on seeded random input, in every mode. */
class CountWindowModelTest {
  static Stream<CountWindows> windows() {
    return Stream.of(
        new CountWindows(1, 1, false),
        new CountWindows(1, 1, true),
        new CountWindows(4, 4, false),
        new CountWindows(5, 5, true),
        new CountWindows(1000, 1000, true),
        new CountWindows(1000, 1000, false),
        new CountWindows(6, 2, false),
        new CountWindows(6, 4, false),
        new CountWindows(5, 3, false),
        new CountWindows(7, 1, false),
        new CountWindows(2, 6, false),
        new CountWindows(2, 5, false),
        new CountWindows(1, 3, false));
  }

  private static List<String> expected(WindowAggregation aggregation, Script script) {
    CountWindows windows = (CountWindows) aggregation.window();
    int[] keyOrdinals = aggregation.keyOrdinals(WindowScripts.SCHEMA);
    Map<List<@Nullable Object>, List<Script.Row>> groups = new LinkedHashMap<>();
    List<String> results = new ArrayList<>();
    for (Script.Element element : script.elements()) {
      if (element instanceof Script.Row row) {
        List<@Nullable Object> key = WindowReference.group(row, keyOrdinals);
        List<Script.Row> rows = groups.computeIfAbsent(key, k -> new ArrayList<>());
        rows.add(row);
        if (rows.size() % windows.slide() == 0) {
          int from = (int) Math.max(0, rows.size() - windows.size());
          results.add(result(aggregation, key, rows.subList(from, rows.size())));
        }
      }
    }
    groups.forEach(
        (key, rows) -> {
          int left = (int) (rows.size() % windows.slide());
          if (windows.incomplete() && left > 0) {
            results.add(result(aggregation, key, rows.subList(rows.size() - left, rows.size())));
          }
        });
    return results;
  }

  private static String result(
      WindowAggregation aggregation, List<@Nullable Object> key, List<Script.Row> rows) {
    List<@Nullable Object> values = new ArrayList<>(key);
    for (AggregateCall call : aggregation.aggregates()) {
      values.add(WindowReference.aggregate(WindowScripts.SCHEMA, call, rows));
    }
    return "+I" + WindowReference.text(values) + "@" + Long.MAX_VALUE;
  }

  @ParameterizedTest
  @MethodSource("windows")
  void windows_holdTheLastRowsOfTheirGroup(CountWindows windows) {
    for (List<String> groupBy :
        List.of(List.of("user"), List.of("page", "ratio"), List.of("raw"))) {
      WindowAggregation aggregation =
          new WindowAggregation(
              groupBy,
              windows,
              groupBy.contains("raw") ? WindowModelTest.ALL : WindowModelTest.CELLS,
              0,
              Accumulation.ACCUMULATING,
              TimeCharacteristic.EVENT);
      WindowScripts scripts = new WindowScripts(windows.hashCode(), 3, 1);
      Script.Builder builder = Script.of(WindowScripts.SCHEMA);
      Random random = new Random(windows.hashCode());
      for (int i = 0; i < 45; i++) {
        builder.row(random.nextInt(4) == 0 ? EventBatch.NO_TIMESTAMP : i, scripts.values());
        if (random.nextInt(8) == 0) {
          builder.watermark(i);
        }
      }
      Script script = builder.end();
      StageHarness.of(
              () -> aggregation.operator(WindowScripts.SCHEMA),
              Exchange.hash(aggregation.keyOrdinals(WindowScripts.SCHEMA)),
              2)
          .in(
              Mode.standard(2, 3).stream()
                  .map(mode -> mode.parallelism(mode.parallelism(), 1))
                  .distinct()
                  .toList())
          .assertEverywhere(script, List.of(expected(aggregation, script), List.of()));
    }
  }
}
