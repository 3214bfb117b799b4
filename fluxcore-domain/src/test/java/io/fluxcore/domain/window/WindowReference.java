package io.fluxcore.domain.window;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Rows;
import io.fluxcore.domain.harness.Script;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a window aggregation must give, in the most naive way: every row is kept in every window
 * that it belongs to, and a result is computed from the rows. Follows Flink's rules. A batch is
 * what the script says until a cut or a control element; late rows make a window fire again once a
 * batch.
 */
final class WindowReference {
  private final WindowAggregation aggregation;
  private final Schema input;
  private final int[] keyOrdinals;

  /** Window start → group → rows, those since the last firing where windows discard. */
  private final TreeMap<Long, Map<List<@Nullable Object>, List<Script.Row>>> windows =
      new TreeMap<>();

  private final Set<Long> fired = new TreeSet<>();
  private final Map<Long, Map<List<@Nullable Object>, String>> emitted = new HashMap<>();
  private final Map<List<@Nullable Object>, String> last = new HashMap<>();
  private final List<String> results = new ArrayList<>();
  private final List<String> late = new ArrayList<>();
  private long watermark = Long.MIN_VALUE;
  private long now;

  WindowReference(WindowAggregation aggregation, Schema input) {
    this.aggregation = aggregation;
    this.input = input;
    this.keyOrdinals = aggregation.keyOrdinals(input);
  }

  /** Runs a script. */
  WindowReference run(Script script) {
    List<Script.Row> batch = new ArrayList<>();
    for (Script.Element element : script.elements()) {
      if (element instanceof Script.Row row) {
        batch.add(row);
        continue;
      }
      process(batch);
      batch.clear();
      if (element instanceof Script.Watermark w && !isProcessingTime()) {
        advance(w.time());
      } else if (element instanceof Script.ProcessingTime t && isProcessingTime()) {
        now = t.millis();
        advance(now - 1);
      }
    }
    process(batch);
    if (script.isBounded()) {
      advance(Long.MAX_VALUE);
    }
    return this;
  }

  /** Text of the results, as {@link Rows#text} gives it. */
  List<String> results() {
    return results;
  }

  /** Text of the last result of each group and window, without its kind. */
  Collection<String> lastResults() {
    return last.values();
  }

  /** The same of an output. */
  Collection<String> lastOf(List<EventRecord> rows) {
    Map<String, String> lastTexts = new HashMap<>();
    for (EventRecord row : rows) {
      List<@Nullable Object> key = new ArrayList<>();
      for (int i = 0; i < keyOrdinals.length + 2; i++) {
        key.add(row.get(i));
      }
      lastTexts.put(text(key), Rows.text(row).substring(2));
    }
    return lastTexts.values();
  }

  /** Text of the late rows. */
  List<String> late() {
    return late;
  }

  private boolean isProcessingTime() {
    return aggregation.time() == io.fluxcore.domain.time.TimeCharacteristic.PROCESSING;
  }

  /** Starts of the windows of a time, one by one. */
  private List<Long> windowsOf(long time) {
    WindowSpec spec = aggregation.window();
    List<Long> starts = new ArrayList<>();
    long start = time - Math.floorMod(time - spec.offsetMillis(), spec.slideMillis());
    while (start > time - spec.sizeMillis()) {
      starts.add(start);
      start -= spec.slideMillis();
    }
    return starts;
  }

  private long lastMillisecond(long start) {
    return start + aggregation.window().sizeMillis() - 1;
  }

  private boolean isClosed(long start) {
    return lastMillisecond(start) + aggregation.allowedLatenessMillis() <= watermark;
  }

  private List<@Nullable Object> group(Script.Row row) {
    List<@Nullable Object> group = new ArrayList<>();
    for (int ordinal : keyOrdinals) {
      Object value = row.values().get(ordinal);
      group.add(value instanceof byte[] bytes ? content(bytes) : value);
    }
    return group;
  }

  /** Bytes that are equal by content, and print as an array does. */
  private static List<Byte> content(byte[] bytes) {
    List<Byte> content = new ArrayList<>();
    for (byte one : bytes) {
      content.add(one);
    }
    return content;
  }

  private void process(List<Script.Row> batch) {
    TreeMap<Long, Set<List<@Nullable Object>>> again = new TreeMap<>();
    for (Script.Row row : batch) {
      List<Long> starts = windowsOf(isProcessingTime() ? now : row.timestamp());
      List<Long> open = starts.stream().filter(start -> !isClosed(start)).toList();
      if (open.isEmpty() && !starts.isEmpty()) {
        late.add(row.kind().sign() + text(row.values()) + "@" + row.timestamp());
      }
      for (long start : open) {
        windows
            .computeIfAbsent(start, s -> new HashMap<>())
            .computeIfAbsent(group(row), g -> new ArrayList<>())
            .add(row);
        if (lastMillisecond(start) <= watermark) {
          again.computeIfAbsent(start, s -> new LinkedHashSet<>()).add(group(row));
        }
      }
    }
    again.forEach((start, groups) -> groups.forEach(group -> emit(start, group)));
  }

  private void advance(long newWatermark) {
    if (newWatermark <= watermark) {
      return;
    }
    watermark = newWatermark;
    for (long start : List.copyOf(windows.keySet())) {
      if (lastMillisecond(start) <= watermark && fired.add(start)) {
        List.copyOf(windows.get(start).keySet()).forEach(group -> emit(start, group));
      }
    }
    windows.keySet().removeIf(this::isClosed);
    emitted.keySet().removeIf(this::isClosed);
  }

  private void emit(long start, List<@Nullable Object> group) {
    fired.add(start);
    List<Script.Row> rows = windows.get(start).get(group);
    List<@Nullable Object> values = new ArrayList<>(group);
    values.add(Instant.ofEpochMilli(start));
    values.add(Instant.ofEpochMilli(lastMillisecond(start) + 1));
    for (AggregateCall call : aggregation.aggregates()) {
      values.add(aggregate(call, rows));
    }
    String text = text(values) + "@" + lastMillisecond(start);
    last.put(List.of(start, text(group)), text);
    Map<List<@Nullable Object>, String> before =
        emitted.computeIfAbsent(start, s -> new HashMap<>());
    String old = before.put(group, text);
    switch (aggregation.accumulation()) {
      case ACCUMULATING -> results.add("+I" + text);
      case DISCARDING -> {
        results.add("+I" + text);
        windows.get(start).remove(group);
      }
      case RETRACTING -> {
        if (old != null) {
          results.add("-U" + old);
        }
        results.add((old == null ? "+I" : "+U") + text);
      }
    }
  }

  private static String text(List<@Nullable Object> values) {
    return values.stream()
        .map(v -> v instanceof byte[] b ? Arrays.toString(b) : String.valueOf(v))
        .collect(java.util.stream.Collectors.joining(", ", "[", "]"));
  }

  /** Whether a row makes one of the conditions true that tests use. */
  private boolean holds(String condition, Script.Row row) {
    Object hits = row.values().get(input.ordinal("hits"));
    Object page = row.values().get(input.ordinal("page"));
    return switch (condition) {
      case "hits > 0" -> hits != null && (Long) hits > 0;
      case "page is null" -> page == null;
      default -> throw new IllegalArgumentException(condition);
    };
  }

  private @Nullable Object aggregate(AggregateCall call, List<Script.Row> allRows) {
    String condition = call.settings().condition();
    List<Script.Row> rows =
        condition == null
            ? allRows
            : allRows.stream().filter(row -> holds(condition, row)).toList();
    if (call.field() == null) {
      return (long) rows.size();
    }
    int ordinal = input.ordinal(call.field());
    DataType type = input.type(ordinal);
    List<Object> values =
        rows.stream().map(r -> r.values().get(ordinal)).filter(Objects::nonNull).toList();
    return switch (call.kind()) {
      case COUNT -> (long) values.size();
      case SUM -> values.isEmpty() ? null : sum(values);
      case AVG -> values.isEmpty() ? null : average(values, type);
      case MIN -> values.stream().min(WindowReference::compare).orElse(null);
      case MAX -> values.stream().max(WindowReference::compare).orElse(null);
      case COUNT_DISTINCT, APPROX_COUNT_DISTINCT ->
          values.stream().map(WindowReference::distinct).distinct().count();
      case FIRST -> values.isEmpty() ? null : byTime(rows, ordinal).get(0);
      case LAST -> values.isEmpty() ? null : byTime(rows, ordinal).get(values.size() - 1);
      case COLLECT ->
          values.isEmpty()
              ? null
              : byTime(rows, ordinal).stream().limit(call.settings().limit()).toList();
      case TOP -> values.isEmpty() ? null : top(call, rows, ordinal);
      case VAR_SAMP -> values.size() < 2 ? null : squares(values) / (values.size() - 1);
      case VAR_POP -> values.isEmpty() ? null : squares(values) / values.size();
      case STDDEV_SAMP ->
          values.size() < 2 ? null : Math.sqrt(squares(values) / (values.size() - 1));
      case STDDEV_POP -> values.isEmpty() ? null : Math.sqrt(squares(values) / values.size());
      case QUANTILE -> values.isEmpty() ? null : quantiles(call, values);
      case CUSTOM -> custom(call, rows.stream().map(r -> r.values().get(ordinal)).toList());
    };
  }

  private static List<Object> byTime(List<Script.Row> rows, int ordinal) {
    return rows.stream()
        .filter(row -> row.values().get(ordinal) != null)
        .sorted(Comparator.comparingLong(Script.Row::timestamp))
        .map(row -> Objects.requireNonNull(row.values().get(ordinal)))
        .toList();
  }

  private Object top(AggregateCall call, List<Script.Row> rows, int ordinal) {
    String label = call.settings().label();
    Comparator<Script.Row> order =
        Comparator.comparing(row -> row.values().get(ordinal), WindowReference::compare);
    order = order.reversed();
    if (label != null) {
      order =
          order.thenComparing(
              row -> row.values().get(input.ordinal(label)),
              Comparator.nullsLast(WindowReference::compare));
    }
    List<Object> result = new ArrayList<>();
    for (Script.Row row :
        rows.stream()
            .filter(r -> r.values().get(ordinal) != null)
            .sorted(order)
            .limit(call.settings().limit())
            .toList()) {
      Map<String, @Nullable Object> named = new java.util.LinkedHashMap<>();
      if (label != null) {
        named.put(label, row.values().get(input.ordinal(label)));
        named.put(Objects.requireNonNull(call.field()), row.values().get(ordinal));
      }
      result.add(label == null ? Objects.requireNonNull(row.values().get(ordinal)) : named);
    }
    return result;
  }

  private static double squares(List<Object> values) {
    double mean =
        values.stream().mapToDouble(v -> ((Number) v).doubleValue()).sum() / values.size();
    return values.stream().mapToDouble(v -> Math.pow(((Number) v).doubleValue() - mean, 2)).sum();
  }

  private static Object quantiles(AggregateCall call, List<Object> values) {
    List<Double> sorted = values.stream().map(v -> ((Number) v).doubleValue()).sorted().toList();
    List<Object> result = new ArrayList<>();
    for (double fraction : call.settings().fractions()) {
      result.add(sorted.get(Math.max(1, (int) Math.ceil(fraction * sorted.size())) - 1));
    }
    return result.size() == 1 ? result.get(0) : result;
  }

  @SuppressWarnings("unchecked")
  private static <A> @Nullable Object custom(AggregateCall call, List<@Nullable Object> values) {
    io.fluxcore.domain.aggregate.AggregateFunction<A> function =
        (io.fluxcore.domain.aggregate.AggregateFunction<A>) Objects.requireNonNull(call.function());
    A accumulator = function.create();
    for (Object value : values) {
      accumulator = function.accumulate(accumulator, value);
    }
    return function.result(accumulator);
  }

  private static Object distinct(Object value) {
    return value instanceof byte[] bytes ? Arrays.toString(bytes) : value;
  }

  @SuppressWarnings("unchecked")
  private static int compare(Object a, Object b) {
    return a instanceof byte[] left && b instanceof byte[] right
        ? Arrays.compareUnsigned(left, right)
        : ((Comparator<Object>) (Comparator<?>) Comparator.naturalOrder()).compare(a, b);
  }

  private static Object sum(List<Object> values) {
    if (values.get(0) instanceof Long) {
      return values.stream().mapToLong(v -> (Long) v).reduce(0, Math::addExact);
    }
    if (values.get(0) instanceof Double) {
      double sum = 0;
      for (Object value : values) {
        sum += (Double) value;
      }
      return sum;
    }
    return values.stream().map(v -> (BigDecimal) v).reduce(BigDecimal::add).orElseThrow();
  }

  private static Object average(List<Object> values, DataType type) {
    Object sum = sum(values);
    if (sum instanceof BigDecimal decimal) {
      return decimal.divide(
          BigDecimal.valueOf(values.size()), Math.max(6, type.scale()), RoundingMode.HALF_UP);
    }
    return ((Number) sum).doubleValue() / values.size();
  }
}
