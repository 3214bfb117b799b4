package io.fluxcore.boot.conformance;

import io.fluxcore.domain.expression.syntax.Printer;
import io.fluxcore.domain.pattern.AfterMatchSkip;
import io.fluxcore.domain.pattern.Contiguity;
import io.fluxcore.domain.pattern.Pattern;
import io.fluxcore.domain.pattern.WithinScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The pattern of a case, as a user would build it. */
final class PatternDefinition {
  private static final Map<String, String> COMPARISONS =
      Map.of("eq", "=", "ne", "<>", "gt", ">", "ge", ">=", "lt", "<", "le", "<=");
  private static final Set<String> KNOWN =
      Set.of("stages", "within_ms", "skip", "key", "kind", "type");
  private static final Set<String> KNOWN_OF_STAGES =
      Set.of("stage", "group", "contiguity", "condition", "quantifier", "within_previous_ms");
  private static final Set<String> KNOWN_OF_QUANTIFIERS =
      Set.of("min", "max", "optional", "greedy", "inner_contiguity", "until", "loop_within_ms");

  private final JsonNode definition;
  private final Set<String> fields = new LinkedHashSet<>();

  private PatternDefinition(JsonNode definition) {
    this.definition = definition;
  }

  /**
   * A pattern, and the fields that its conditions name.
   *
   * @throws UnsupportedCaseException if it says something that is not known here
   */
  record Read(Pattern pattern, Set<String> fields, List<String> key, long withinMillis) {}

  static Read of(JsonNode definition) {
    known(definition, KNOWN);
    PatternDefinition read = new PatternDefinition(definition);
    Pattern pattern = read.stages(definition.path("stages")).skip(read.skip());
    long within = definition.path("within_ms").asLong(0);
    if (within > 0) {
      pattern = pattern.within(Duration.ofMillis(within));
    }
    String key = definition.path("key").asString("");
    return new Read(pattern, read.fields, key.isEmpty() ? List.of() : List.of(key), within);
  }

  private static void known(JsonNode node, Set<String> names) {
    node.propertyNames()
        .forEach(
            name -> {
              if (!names.contains(name) && !node.path(name).isNull()) {
                throw new UnsupportedCaseException("a pattern with " + name);
              }
            });
  }

  private Pattern stages(JsonNode stages) {
    Pattern pattern = null;
    for (JsonNode stage : stages) {
      known(stage, KNOWN_OF_STAGES);
      Pattern longer =
          stage.has("group")
              ? appended(pattern, stages(stage.path("group")), contiguity(stage))
              : appended(pattern, stage.path("stage").asString(), contiguity(stage));
      if (stage.hasNonNull("condition")) {
        longer = longer.where(condition(stage.path("condition")));
      }
      if (stage.hasNonNull("quantifier")) {
        longer = quantified(longer, stage.path("quantifier"));
      }
      if (stage.hasNonNull("within_previous_ms")) {
        longer =
            longer.within(
                Duration.ofMillis(stage.path("within_previous_ms").longValue()),
                WithinScope.PREVIOUS_AND_CURRENT);
      }
      pattern = longer;
    }
    if (pattern == null) {
      throw new UnsupportedCaseException("a pattern without stages");
    }
    return pattern;
  }

  private static Contiguity contiguity(JsonNode stage) {
    String word = stage.path("contiguity").asString();
    return switch (word) {
      case "begin", "strict" -> Contiguity.NEXT;
      case "relaxed" -> Contiguity.FOLLOWED_BY;
      case "nondeterministic_relaxed" -> Contiguity.FOLLOWED_BY_ANY;
      case "not_strict" -> Contiguity.NOT_NEXT;
      case "not_relaxed" -> Contiguity.NOT_FOLLOWED_BY;
      default -> throw new UnsupportedCaseException("contiguity '" + word + "'");
    };
  }

  private static Pattern appended(Pattern pattern, String name, Contiguity contiguity) {
    if (pattern == null) {
      return Pattern.begin(name);
    }
    return switch (contiguity) {
      case NEXT -> pattern.next(name);
      case FOLLOWED_BY -> pattern.followedBy(name);
      case FOLLOWED_BY_ANY -> pattern.followedByAny(name);
      case NOT_NEXT -> pattern.notNext(name);
      case NOT_FOLLOWED_BY -> pattern.notFollowedBy(name);
    };
  }

  private static Pattern appended(Pattern pattern, Pattern group, Contiguity contiguity) {
    if (pattern == null) {
      return Pattern.begin(group);
    }
    return switch (contiguity) {
      case NEXT -> pattern.next(group);
      case FOLLOWED_BY -> pattern.followedBy(group);
      case FOLLOWED_BY_ANY -> pattern.followedByAny(group);
      case NOT_NEXT, NOT_FOLLOWED_BY ->
          throw new UnsupportedCaseException("a group that must not come");
    };
  }

  private Pattern quantified(Pattern pattern, JsonNode quantifier) {
    known(quantifier, KNOWN_OF_QUANTIFIERS);
    int min = quantifier.path("min").asInt(1);
    Duration gap =
        quantifier.hasNonNull("loop_within_ms")
            ? Duration.ofMillis(quantifier.path("loop_within_ms").longValue())
            : null;
    boolean isBounded = quantifier.hasNonNull("max");
    int max = isBounded ? quantifier.path("max").intValue() : 0;
    Pattern result = pattern;
    if (!isBounded) {
      result = gap == null ? result.timesOrMore(min) : result.timesOrMore(min, gap);
    } else if (max > 1) {
      result = gap == null ? result.times(min, max) : result.times(min, max, gap);
    }
    if (quantifier.path("optional").asBoolean(false)) {
      result = result.optional();
    }
    if (quantifier.path("greedy").asBoolean(false)) {
      result = result.greedy();
    }
    if (!isBounded || max > 1) {
      result =
          switch (quantifier.path("inner_contiguity").asString("relaxed")) {
            case "strict" -> result.consecutive();
            case "nondeterministic_relaxed" -> result.allowCombinations();
            default -> result;
          };
    }
    return quantifier.hasNonNull("until")
        ? result.until(condition(quantifier.path("until")))
        : result;
  }

  private AfterMatchSkip skip() {
    JsonNode skip = definition.path("skip");
    String stage = skip.path("stage").asString("");
    AfterMatchSkip result =
        switch (skip.path("strategy").asString("no_skip")) {
          case "no_skip" -> AfterMatchSkip.noSkip();
          case "skip_to_next" -> AfterMatchSkip.skipToNext();
          case "skip_past_last_event" -> AfterMatchSkip.skipPastLastEvent();
          case "skip_to_first" -> AfterMatchSkip.skipToFirst(stage);
          case "skip_to_last" -> AfterMatchSkip.skipToLast(stage);
          default -> throw new UnsupportedCaseException("skip " + skip);
        };
    return skip.path("throw_on_miss").asBoolean(false) ? result.orFail() : result;
  }

  private String condition(JsonNode condition) {
    String operation = condition.path("op").asString();
    return switch (operation) {
      case "true" -> "true";
      case "and", "or" -> joined(condition.path("args"), " " + operation + " ");
      case "not" -> "not (" + condition(condition.path("args").path(0)) + ")";
      case "has_field" -> field(condition.path("field")) + " is not null";
      case "contains" ->
          "contains(" + field(condition.path("field")) + ", " + value(condition) + ")";
      case "startsWith" ->
          "starts_with(" + field(condition.path("field")) + ", " + value(condition) + ")";
      default -> comparison(operation, condition);
    };
  }

  private String joined(JsonNode terms, String word) {
    List<String> texts = new ArrayList<>();
    terms.forEach(term -> texts.add("(" + condition(term) + ")"));
    return String.join(word, texts);
  }

  private String comparison(String operation, JsonNode condition) {
    String sign = COMPARISONS.get(operation);
    if (sign == null) {
      throw new UnsupportedCaseException("a condition '" + operation + "'");
    }
    String left =
        condition.has("left") ? aggregate(condition.path("left")) : field(condition.path("field"));
    String right =
        condition.has("right_field") ? field(condition.path("right_field")) : value(condition);
    return left + " " + sign + " " + right;
  }

  private String aggregate(JsonNode left) {
    String stage = Printer.name(left.path("of_stage").asString());
    String field = left.has("field") ? field(left.path("field")) : "";
    String value =
        switch (left.path("agg").asString()) {
          case "sum" -> "coalesce(sum(" + stage + "." + field + "), 0)";
          case "first" -> "first(" + stage + "." + field + ")";
          case "count" -> "count(" + stage + ")";
          default -> throw new UnsupportedCaseException("aggregate " + left);
        };
    return left.path("plus_current").asBoolean(false) ? value + " + " + field : value;
  }

  private String field(JsonNode name) {
    fields.add(name.asString());
    return Printer.name(name.asString());
  }

  private static String value(JsonNode condition) {
    JsonNode value = condition.path("value");
    return value.isString() ? Printer.quoted(value.asString()) : value.asString();
  }
}
