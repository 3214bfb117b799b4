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

  /** A window, in the order of ends. */
  record Bounds(long start, long end) implements Comparable<Bounds> {
    @Override
    public int compareTo(Bounds other) {
      return Long.compare(end, other.end);
    }
  }

  /** Window → group → rows, those since the last firing where windows discard. */
  private final TreeMap<Bounds, Map<List<@Nullable Object>, List<Script.Row>>> windows =
      new TreeMap<>();

  private final Set<Bounds> fired = new TreeSet<>();
  private final Map<Bounds, Map<List<@Nullable Object>, String>> emitted = new HashMap<>();
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

  /** The windows of a time, one by one. */
  static List<Bounds> windowsOf(WindowSpec window, long time) {
    List<Bounds> found = new ArrayList<>();
    if (window instanceof PeriodicWindows spec) {
      long start = time - Math.floorMod(time - spec.offsetMillis(), spec.slideMillis());
      while (start > time - spec.sizeMillis()) {
        found.add(new Bounds(start, start + spec.sizeMillis()));
        start -= spec.slideMillis();
      }
    } else if (window instanceof CumulativeWindows spec) {
      long start = time - Math.floorMod(time - spec.offsetMillis(), spec.sizeMillis());
      for (long size = spec.stepMillis(); size <= spec.sizeMillis(); size += spec.stepMillis()) {
        if (time < start + size) {
          found.add(new Bounds(start, start + size));
        }
      }
    } else if (window instanceof CalendarWindows spec) {
      found.add(CalendarReference.windowOf(spec, time));
    }
    return found;
  }

  private static long lastMillisecond(Bounds window) {
    return window.end() - 1;
  }

  private boolean isClosed(Bounds window) {
    return lastMillisecond(window) + aggregation.allowedLatenessMillis() <= watermark;
  }

  static List<@Nullable Object> group(Script.Row row, int[] keyOrdinals) {
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
    TreeMap<Bounds, Set<List<@Nullable Object>>> again = new TreeMap<>();
    for (Script.Row row : batch) {
      List<Bounds> all =
          windowsOf(aggregation.window(), isProcessingTime() ? now : row.timestamp());
      List<Bounds> open = all.stream().filter(window -> !isClosed(window)).toList();
      if (open.isEmpty() && !all.isEmpty()) {
        late.add(row.kind().sign() + text(row.values()) + "@" + row.timestamp());
      }
      for (Bounds window : open) {
        windows
            .computeIfAbsent(window, w -> new HashMap<>())
            .computeIfAbsent(group(row, keyOrdinals), g -> new ArrayList<>())
            .add(row);
        if (lastMillisecond(window) <= watermark) {
          again.computeIfAbsent(window, s -> new LinkedHashSet<>()).add(group(row, keyOrdinals));
        }
      }
    }
    again.forEach((window, groups) -> groups.forEach(group -> emit(window, group)));
  }

  private void advance(long newWatermark) {
    if (newWatermark <= watermark) {
      return;
    }
    watermark = newWatermark;
    for (Bounds window : List.copyOf(windows.keySet())) {
      if (lastMillisecond(window) <= watermark && fired.add(window)) {
        List.copyOf(windows.get(window).keySet()).forEach(group -> emit(window, group));
      }
    }
    windows.keySet().removeIf(this::isClosed);
    emitted.keySet().removeIf(this::isClosed);
  }

  private void emit(Bounds window, List<@Nullable Object> group) {
    fired.add(window);
    List<Script.Row> rows = windows.get(window).get(group);
    List<@Nullable Object> values = new ArrayList<>(group);
    values.add(Instant.ofEpochMilli(window.start()));
    values.add(Instant.ofEpochMilli(window.end()));
    for (AggregateCall call : aggregation.aggregates()) {
      values.add(aggregate(input, call, rows));
    }
    String text = text(values) + "@" + lastMillisecond(window);
    last.put(List.of(window, text(group)), text);
    Map<List<@Nullable Object>, String> before =
        emitted.computeIfAbsent(window, w -> new HashMap<>());
    String old = before.put(group, text);
    switch (aggregation.accumulation()) {
      case ACCUMULATING -> results.add("+I" + text);
      case DISCARDING -> {
        results.add("+I" + text);
        windows.get(window).remove(group);
      }
      case RETRACTING -> {
        if (old != null) {
          results.add("-U" + old);
        }
        results.add((old == null ? "+I" : "+U") + text);
      }
    }
  }

  static String text(List<@Nullable Object> values) {
    return values.stream()
        .map(v -> v instanceof byte[] b ? Arrays.toString(b) : String.valueOf(v))
        .collect(java.util.stream.Collectors.joining(", ", "[", "]"));
  }

  /** Whether a row makes one of the conditions true that tests use. */
  private static boolean holds(Schema input, String condition, Script.Row row) {
    Object hits = row.values().get(input.ordinal("hits"));
    Object page = row.values().get(input.ordinal("page"));
    return switch (condition) {
      case "hits > 0" -> hits != null && (Long) hits > 0;
      case "page is null" -> page == null;
      default -> throw new IllegalArgumentException(condition);
    };
  }

  /** An aggregate of rows, from the rows themselves. */
  static @Nullable Object aggregate(Schema input, AggregateCall call, List<Script.Row> allRows) {
    String condition = call.settings().condition();
    List<Script.Row> rows =
        condition == null
            ? allRows
            : allRows.stream().filter(row -> holds(input, condition, row)).toList();
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
      case FIRST, LAST -> edge(input, call, rows, ordinal);
      case COLLECT ->
          values.isEmpty()
              ? null
              : byTime(rows, ordinal).stream().limit(call.settings().limit()).toList();
      case TOP -> values.isEmpty() ? null : top(input, call, rows, ordinal);
      case VAR_SAMP -> values.size() < 2 ? null : squares(values) / (values.size() - 1);
      case VAR_POP -> values.isEmpty() ? null : squares(values) / values.size();
      case STDDEV_SAMP ->
          values.size() < 2 ? null : Math.sqrt(squares(values) / (values.size() - 1));
      case STDDEV_POP -> values.isEmpty() ? null : Math.sqrt(squares(values) / values.size());
      case QUANTILE, PERCENTILE_CONT, PERCENTILE_DISC ->
          AggregateReference.percentiles(input, call, rows);
      case BIT_AND, BIT_OR, BIT_XOR -> AggregateReference.bits(call.kind(), values);
      case LIST -> AggregateReference.list(input, call, rows);
      case COVAR_POP,
          COVAR_SAMP,
          CORR,
          REGR_COUNT,
          REGR_AVGX,
          REGR_AVGY,
          REGR_SXX,
          REGR_SYY,
          REGR_SXY,
          REGR_SLOPE,
          REGR_INTERCEPT,
          REGR_R2 ->
          AggregateReference.ofPairs(input, call, rows);
      case CUSTOM -> custom(call, rows.stream().map(r -> r.values().get(ordinal)).toList());
    };
  }

  private static @Nullable Object edge(
      Schema input, AggregateCall call, List<Script.Row> rows, int ordinal) {
    List<@Nullable Object> values =
        call.settings().order().isEmpty()
            ? new ArrayList<>(byTime(rows, ordinal))
            : AggregateReference.inOrder(input, call, rows);
    return values.isEmpty()
        ? null
        : values.get(call.kind() == AggregateCall.Kind.FIRST ? 0 : values.size() - 1);
  }

  private static List<Object> byTime(List<Script.Row> rows, int ordinal) {
    return rows.stream()
        .filter(row -> row.values().get(ordinal) != null)
        .sorted(Comparator.comparingLong(Script.Row::timestamp))
        .map(row -> Objects.requireNonNull(row.values().get(ordinal)))
        .toList();
  }

  private static Object top(Schema input, AggregateCall call, List<Script.Row> rows, int ordinal) {
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
  static int compare(Object a, Object b) {
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
