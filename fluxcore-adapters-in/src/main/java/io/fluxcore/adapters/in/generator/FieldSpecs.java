package io.fluxcore.adapters.in.generator;

import io.fluxcore.adapters.in.generator.FieldGenerator.Kernel;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.Field;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the option {@code fields}: the generator of each field, as a map with {@code kind} and what
 * that kind needs, or just the kind's name.
 */
final class FieldSpecs {
  private static final int MAX_KEYS = 1 << 20;
  private static final Map<String, Set<String>> KINDS =
      new java.util.TreeMap<>(
          Map.of(
              "sequence", Set.of("start", "step"),
              "time", Set.of("type"),
              "uniform", Set.of("min", "max", "type"),
              "choice", Set.of("values", "type"),
              "constant", Set.of("value", "type"),
              "zipf", Set.of("keys", "exponent", "prefix")));

  /** What {@code generator} gives without any option. */
  static final Map<String, Object> DEFAULT = defaults();

  private final long seed;
  private final OptionProblems problems;

  FieldSpecs(long seed, OptionProblems problems) {
    this.seed = seed;
    this.problems = problems;
  }

  private static Map<String, Object> defaults() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", "sequence");
    fields.put("eventTime", "time");
    fields.put("key", Map.of("kind", "zipf", "keys", 1000, "prefix", "key-"));
    Map<String, Object> types = new LinkedHashMap<>();
    types.put("view", 70);
    types.put("click", 25);
    types.put("purchase", 5);
    fields.put("type", Map.of("kind", "choice", "values", types));
    fields.put("value", Map.of("kind", "uniform", "min", 0, "max", 100, "type", "double"));
    fields.put("importance", Map.of("kind", "uniform", "min", 0, "max", 10));
    return fields;
  }

  List<FieldGenerator> parse(Map<String, Object> fields) {
    List<FieldGenerator> generators = new ArrayList<>();
    for (Map.Entry<String, Object> entry : fields.entrySet()) {
      try {
        generators.add(field(entry.getKey(), entry.getValue()));
      } catch (IllegalArgumentException | ArithmeticException e) {
        problems.add(
            "fields",
            "field '" + entry.getKey() + "': " + e.getMessage(),
            "write for example " + entry.getKey() + ": {kind: uniform, min: 0, max: 100}");
      }
    }
    return generators;
  }

  private FieldGenerator field(String name, Object given) {
    Map<String, Object> spec = new LinkedHashMap<>();
    if (given instanceof Map<?, ?> map) {
      map.forEach((key, value) -> spec.put(String.valueOf(key), value));
    } else {
      spec.put("kind", given);
    }
    String kind = String.valueOf(spec.remove("kind"));
    double nulls = number(spec.remove("nulls"), BigDecimal.ZERO).doubleValue();
    if (nulls < 0 || nulls > 1) {
      throw new IllegalArgumentException("nulls " + nulls + " is not a fraction from 0 to 1");
    }
    Set<String> known = KINDS.get(kind);
    if (known == null) {
      throw new IllegalArgumentException(
          "'" + kind + "' is not a kind; kinds are " + KINDS.keySet());
    }
    for (String key : spec.keySet()) {
      if (!known.contains(key)) {
        throw new IllegalArgumentException(
            "'" + kind + "' has no '" + key + "'; it has " + known.stream().sorted().toList());
      }
    }
    Mixer mixer = Mixer.of(seed, name);
    Typed typed =
        switch (kind) {
          case "sequence" ->
              new Typed(
                  DataType.LONG,
                  Kernels.sequence(
                      number(spec.get("start"), BigDecimal.ZERO).longValueExact(),
                      number(spec.get("step"), BigDecimal.ONE).longValueExact()));
          case "time" -> time(spec);
          case "uniform" -> uniform(spec, mixer);
          case "choice" -> choice(spec, mixer);
          case "constant" -> constant(spec, mixer);
          default -> zipf(spec, mixer);
        };
    return new FieldGenerator(
        new Field(name, typed.type), typed.kernel, Mixer.of(seed, name + "$null"), nulls);
  }

  private record Typed(DataType type, Kernel kernel) {}

  private static Typed time(Map<String, Object> spec) {
    DataType type = type(spec, DataType.TIMESTAMP_TZ);
    if (!type.equals(DataType.TIMESTAMP_TZ) && !type.equals(DataType.TIMESTAMP)) {
      throw new IllegalArgumentException("time is a timestamp or timestamp_tz, not " + type);
    }
    return new Typed(type, Kernels.time(type));
  }

  private static Typed uniform(Map<String, Object> spec, Mixer mixer) {
    BigDecimal min = number(spec.get("min"), BigDecimal.ZERO);
    BigDecimal max = number(spec.get("max"), BigDecimal.valueOf(100));
    if (min.compareTo(max) > 0) {
      throw new IllegalArgumentException("min " + min + " is above max " + max);
    }
    boolean integral =
        min.stripTrailingZeros().scale() <= 0 && max.stripTrailingZeros().scale() <= 0;
    DataType type = type(spec, integral ? DataType.LONG : DataType.DOUBLE);
    Kernel kernel =
        switch (type.kind()) {
          case LONG -> Kernels.uniformLong(mixer, min.longValueExact(), max.longValueExact());
          case DOUBLE -> Kernels.uniformDouble(mixer, min.doubleValue(), max.doubleValue());
          case DECIMAL -> decimal(type, min, max, mixer);
          default -> throw new IllegalArgumentException("uniform gives numbers, not " + type);
        };
    return new Typed(type, kernel);
  }

  private static Kernel decimal(DataType type, BigDecimal min, BigDecimal max, Mixer mixer) {
    if (type.precision() > DecimalColumn.MAX_COMPACT_PRECISION) {
      throw new IllegalArgumentException(
          "uniform gives decimals of at most " + DecimalColumn.MAX_COMPACT_PRECISION + " digits");
    }
    long low = min.setScale(type.scale(), RoundingMode.CEILING).unscaledValue().longValueExact();
    long high = max.setScale(type.scale(), RoundingMode.FLOOR).unscaledValue().longValueExact();
    long limit = BigDecimal.TEN.pow(type.precision()).longValueExact();
    if (low > high || Math.max(Math.abs(low), Math.abs(high)) >= limit) {
      throw new IllegalArgumentException(min + " to " + max + " does not fit " + type);
    }
    return Kernels.uniformDecimal(mixer, type, low, high);
  }

  private static Typed choice(Map<String, Object> spec, Mixer mixer) {
    List<Object> choices = new ArrayList<>();
    List<Double> weights = new ArrayList<>();
    Object values = spec.get("values");
    if (values instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        choices.add(String.valueOf(entry.getKey()));
        weights.add(number(entry.getValue(), BigDecimal.ONE).doubleValue());
      }
    } else if (values instanceof Iterable<?> list) {
      for (Object value : list) {
        choices.add(String.valueOf(value));
        weights.add(1.0);
      }
    }
    double[] shares = weights.stream().mapToDouble(Double::doubleValue).toArray();
    double sum = 0;
    for (double share : shares) {
      if (!(share >= 0)) {
        throw new IllegalArgumentException("weight " + share + " is negative");
      }
      sum += share;
    }
    if (!(sum > 0) || Double.isInfinite(sum) || choices.size() > MAX_KEYS) {
      throw new IllegalArgumentException(
          "choice needs values: a list, or a map of values to positive weights");
    }
    return chosen(spec, choices, new AliasTable(shares), mixer);
  }

  private static Typed constant(Map<String, Object> spec, Mixer mixer) {
    Object value = spec.get("value");
    if (value == null) {
      throw new IllegalArgumentException("constant needs a value");
    }
    return chosen(spec, List.of(String.valueOf(value)), AliasTable.uniform(1), mixer);
  }

  private static Typed chosen(
      Map<String, Object> spec, List<Object> choices, AliasTable table, Mixer mixer) {
    DataType type = type(spec, DataType.STRING);
    if (type.kind() == DataType.Kind.STRING) {
      return new Typed(type, Kernels.strings(mixer, table, choices.toArray(new String[0])));
    }
    Object[] values = new Object[choices.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(type, String.valueOf(choices.get(i)));
    }
    return new Typed(type, Kernels.choice(mixer, table, type, values));
  }

  private static Object value(DataType type, String text) {
    return switch (type.kind()) {
      case LONG -> decimal(text).longValueExact();
      case DOUBLE -> decimal(text).doubleValue();
      case DECIMAL -> decimal(text).setScale(type.scale());
      case BOOLEAN -> {
        if (!text.equals("true") && !text.equals("false")) {
          throw new IllegalArgumentException("'" + text + "' is not true or false");
        }
        yield Boolean.valueOf(text);
      }
      default ->
          throw new IllegalArgumentException(
              "values are strings, numbers or booleans, not " + type);
    };
  }

  private static Typed zipf(Map<String, Object> spec, Mixer mixer) {
    long keys = number(spec.get("keys"), BigDecimal.valueOf(1000)).longValueExact();
    double exponent = number(spec.get("exponent"), BigDecimal.ONE).doubleValue();
    if (keys < 1 || keys > MAX_KEYS) {
      throw new IllegalArgumentException("keys " + keys + " is not from 1 to " + MAX_KEYS);
    }
    if (!(exponent >= 0 && exponent <= 10)) {
      throw new IllegalArgumentException("exponent " + exponent + " is not from 0 to 10");
    }
    AliasTable table = AliasTable.zipf((int) keys, exponent);
    Object prefix = spec.get("prefix");
    if (prefix == null) {
      return new Typed(DataType.LONG, Kernels.rank(mixer, table));
    }
    String[] names = new String[(int) keys];
    for (int i = 0; i < names.length; i++) {
      names[i] = prefix.toString() + i;
    }
    return new Typed(DataType.STRING, Kernels.strings(mixer, table, names));
  }

  private static DataType type(Map<String, Object> spec, DataType otherwise) {
    Object given = spec.get("type");
    return given == null ? otherwise : DataType.parse(given.toString());
  }

  private static BigDecimal number(@Nullable Object given, BigDecimal otherwise) {
    return given == null ? otherwise : decimal(given.toString());
  }

  private static BigDecimal decimal(String text) {
    try {
      return new BigDecimal(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not a number", e);
    }
  }
}
