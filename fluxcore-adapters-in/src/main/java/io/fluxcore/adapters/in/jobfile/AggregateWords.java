package io.fluxcore.adapters.in.jobfile;

import static io.fluxcore.adapters.in.jobfile.SchemaParts.expression;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.integer;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.named;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.number;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.object;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.text;

import io.fluxcore.adapters.in.jobfile.text.TextNode;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.aggregate.AggregateCall.Kind;
import io.fluxcore.domain.aggregate.AggregateSettings;
import io.fluxcore.domain.row.SortField;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The aggregates by the names that the Java builder has for them, and what stands beside them. */
final class AggregateWords {
  static final Map<String, Kind> BY_WORD = byWord();

  /** The count of all rows, where it needs a word beside it. */
  static final String ALL_ROWS = "*";

  static final String WHERE = "where";
  static final String LIMIT = "limit";
  static final String LABEL = "label";
  static final String FUNCTION = "function";
  static final String FRACTION = "fraction";
  static final String FRACTIONS = "fractions";
  static final String WITH = "with";
  static final String WEIGHT = "weight";
  static final String ORDER_BY = "orderBy";

  /** The words of several fractions, by those of one. */
  private static final Map<Kind, String> OF_SEVERAL =
      Map.of(
          Kind.QUANTILE, "quantiles",
          Kind.PERCENTILE_CONT, "percentiles",
          Kind.PERCENTILE_DISC, "discretePercentiles");

  private static final double MEDIAN = 0.5;

  private AggregateWords() {}

  private static Map<String, Kind> byWord() {
    Map<String, Kind> words = new LinkedHashMap<>();
    words.put("count", Kind.COUNT);
    words.put("countDistinct", Kind.COUNT_DISTINCT);
    words.put("approximateCountDistinct", Kind.APPROX_COUNT_DISTINCT);
    words.put("sum", Kind.SUM);
    words.put("average", Kind.AVG);
    words.put("min", Kind.MIN);
    words.put("max", Kind.MAX);
    words.put("first", Kind.FIRST);
    words.put("last", Kind.LAST);
    words.put("collect", Kind.COLLECT);
    words.put("list", Kind.LIST);
    words.put("top", Kind.TOP);
    words.put("variance", Kind.VAR_SAMP);
    words.put("populationVariance", Kind.VAR_POP);
    words.put("standardDeviation", Kind.STDDEV_SAMP);
    words.put("populationStandardDeviation", Kind.STDDEV_POP);
    words.put("median", Kind.QUANTILE);
    words.put("quantile", Kind.QUANTILE);
    words.put("quantiles", Kind.QUANTILE);
    words.put("percentile", Kind.PERCENTILE_CONT);
    words.put("percentiles", Kind.PERCENTILE_CONT);
    words.put("discretePercentile", Kind.PERCENTILE_DISC);
    words.put("discretePercentiles", Kind.PERCENTILE_DISC);
    words.put("bitAnd", Kind.BIT_AND);
    words.put("bitOr", Kind.BIT_OR);
    words.put("bitXor", Kind.BIT_XOR);
    words.put("covariance", Kind.COVAR_SAMP);
    words.put("populationCovariance", Kind.COVAR_POP);
    words.put("correlation", Kind.CORR);
    words.put("regressionCount", Kind.REGR_COUNT);
    words.put("regressionAverageX", Kind.REGR_AVGX);
    words.put("regressionAverageY", Kind.REGR_AVGY);
    words.put("regressionSxx", Kind.REGR_SXX);
    words.put("regressionSyy", Kind.REGR_SYY);
    words.put("regressionSxy", Kind.REGR_SXY);
    words.put("regressionSlope", Kind.REGR_SLOPE);
    words.put("regressionIntercept", Kind.REGR_INTERCEPT);
    words.put("regressionR2", Kind.REGR_R2);
    words.put("custom", Kind.CUSTOM);
    return Collections.unmodifiableMap(words);
  }

  /** An aggregate with its field and settings. */
  static ObjectNode schema() {
    List<SchemaParts.Word> words = new ArrayList<>();
    BY_WORD.keySet().forEach(word -> words.add(named(word, text("The field."))));
    words.add(
        named(
            LIMIT,
            integer(1, AggregateSettings.MAX_COLLECTED, "Of collect and top: most values kept.")));
    words.add(named(LABEL, text("Of top: the field that names the numbers.")));
    words.add(
        named(FRACTION, number("Of quantile and percentile: 0 to 1; 0.95, the 95th percentile.")));
    words.add(named(WITH, text("Of covariance, correlation, regression: the field x.")));
    words.add(
        named(WEIGHT, text("Of quantiles and percentiles: how often the value of a row counts.")));
    words.add(named(ORDER_BY, order()));
    words.add(named(FUNCTION, text("Of custom: the name of a registered function.")));
    words.add(named(FRACTIONS, fractions()));
    words.add(named(WHERE, expression("Only rows for which it is true.")));
    ObjectNode call = object(words);
    call.put("minProperties", 1);
    return call;
  }

  private static ObjectNode fractions() {
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("title", "a list of numbers");
    list.put("description", "Of quantiles and percentiles: numbers from 0 to 1.");
    list.put("type", "array");
    list.set("items", number("One of them."));
    list.put("minItems", 1);
    return list;
  }

  private static ObjectNode order() {
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("title", "a list of fields");
    list.put("description", "Of list, first and last: the order of rows; 'field desc nulls last'.");
    list.put("type", "array");
    list.set("items", text("One of them."));
    list.put("minItems", 1);
    return list;
  }

  /** Words that must stand beside an aggregate, and those that may. */
  private static Set<String> needed(String word) {
    return switch (word) {
      case "collect", "top" -> Set.of(LIMIT);
      case "list" -> Set.of(ORDER_BY);
      case "quantile", "percentile", "discretePercentile" -> Set.of(FRACTION);
      case "quantiles", "percentiles", "discretePercentiles" -> Set.of(FRACTIONS);
      case "custom" -> Set.of(FUNCTION);
      default -> kind(word).ofPairs() == null ? Set.of() : Set.of(WITH);
    };
  }

  private static Kind kind(String word) {
    return BY_WORD.getOrDefault(word, Kind.COUNT);
  }

  private static boolean mayBeOrdered(Kind kind) {
    return switch (kind) {
      case FIRST, LAST, PERCENTILE_CONT, PERCENTILE_DISC -> true;
      default -> false;
    };
  }

  private static boolean isAllowed(String word, String beside) {
    return beside.equals(WHERE)
        || needed(word).contains(beside)
        || (word.equals("top") && beside.equals(LABEL))
        || (beside.equals(WEIGHT) && kind(word).hasFractions())
        || (beside.equals(ORDER_BY) && mayBeOrdered(kind(word)));
  }

  /**
   * The aggregate of a mapping.
   *
   * @throws IllegalArgumentException if the words do not go together
   */
  static AggregateCall read(String output, Mapping mapping) {
    List<String> words = mapping.members().keySet().stream().filter(BY_WORD::containsKey).toList();
    if (words.size() != 1) {
      throw new IllegalArgumentException(
          "a result is one aggregate, and '"
              + output
              + "' has "
              + (words.isEmpty() ? "none" : String.join(" and ", words)));
    }
    String word = words.get(0);
    for (String beside : mapping.members().keySet()) {
      if (!beside.equals(word) && !isAllowed(word, beside)) {
        throw new IllegalArgumentException("'" + word + "' has no '" + beside + "'");
      }
    }
    for (String beside : needed(word)) {
      if (mapping.get(beside) == null) {
        throw new IllegalArgumentException("'" + word + "' needs '" + beside + "'");
      }
    }
    String field = Values.text(mapping, word, "");
    Kind kind = kind(word);
    AggregateCall call =
        kind == Kind.CUSTOM
            ? AggregateCall.custom(Values.text(mapping, FUNCTION, ""), field, output)
            : kind == Kind.COUNT && field.equals(ALL_ROWS)
                ? AggregateCall.countAll(output)
                : AggregateCall.of(kind, field, settings(word, mapping), output);
    String condition = Values.optionalText(mapping, WHERE);
    return condition == null ? call : call.where(condition);
  }

  private static AggregateSettings settings(String word, Mapping mapping) {
    Kind kind = kind(word);
    AggregateSettings settings = own(word, mapping);
    if (kind.ofPairs() != null || kind.hasFractions()) {
      settings =
          settings.withOther(Values.optionalText(mapping, kind.ofPairs() == null ? WEIGHT : WITH));
    }
    return mapping.get(ORDER_BY) == null
        ? settings
        : settings.withOrder(
            Values.texts(mapping.walk(List.of(ORDER_BY))).stream().map(SortField::parse).toList());
  }

  private static AggregateSettings own(String word, Mapping mapping) {
    return switch (word) {
      case "collect", "top" ->
          AggregateSettings.limit(Values.integer(mapping, LIMIT, 0))
              .withLabel(Values.optionalText(mapping, LABEL));
      case "median" -> AggregateSettings.fractions(List.of(MEDIAN));
      case "quantile", "percentile", "discretePercentile" ->
          AggregateSettings.fractions(List.of(Values.number(mapping, FRACTION, Double.NaN)));
      case "quantiles", "percentiles", "discretePercentiles" -> {
        TextNode fractions = mapping.walk(List.of(FRACTIONS));
        yield AggregateSettings.fractions(
            Values.texts(fractions).stream().map(Double::parseDouble).toList());
      }
      default -> AggregateSettings.NONE;
    };
  }

  /** What {@link #read} reads as this aggregate; the word alone for a count of all rows. */
  static Object write(AggregateCall call) {
    AggregateSettings settings = call.settings();
    String field = call.field();
    if (field == null && settings.condition() == null) {
      return "count";
    }
    Map<String, Object> words = new LinkedHashMap<>();
    words.put(word(call), field == null ? ALL_ROWS : field);
    if (call.function() != null) {
      words.put(FUNCTION, call.function().name());
    }
    if (settings.limit() != 0) {
      words.put(LIMIT, settings.limit());
    }
    if (settings.label() != null) {
      words.put(LABEL, settings.label());
    }
    if (needed(word(call)).contains(FRACTION)) {
      words.put(FRACTION, settings.fractions().get(0));
    } else if (needed(word(call)).contains(FRACTIONS)) {
      words.put(FRACTIONS, settings.fractions());
    }
    if (settings.other() != null) {
      words.put(call.kind().ofPairs() == null ? WEIGHT : WITH, settings.other());
    }
    if (!settings.order().isEmpty()) {
      words.put(ORDER_BY, settings.order().stream().map(SortField::toString).toList());
    }
    if (settings.condition() != null) {
      words.put(WHERE, settings.condition());
    }
    return words;
  }

  private static String word(AggregateCall call) {
    List<Double> fractions = call.settings().fractions();
    String several = OF_SEVERAL.get(call.kind());
    if (several != null && fractions.size() != 1) {
      return several;
    }
    if (call.kind() == Kind.QUANTILE) {
      return fractions.get(0) == MEDIAN ? "median" : "quantile";
    }
    return BY_WORD.entrySet().stream()
        .filter(e -> e.getValue() == call.kind())
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(call + " has no word in job files"));
  }
}
