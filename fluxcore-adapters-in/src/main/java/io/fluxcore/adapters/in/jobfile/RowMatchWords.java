package io.fluxcore.adapters.in.jobfile;

import static io.fluxcore.adapters.in.jobfile.SchemaParts.array;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.duration;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.either;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.enumeration;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.expression;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.integer;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.mapOf;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.named;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.object;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.text;

import io.fluxcore.adapters.in.jobfile.text.TextNode;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Scalar;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.rowpattern.MatchExpression;
import io.fluxcore.domain.rowpattern.RowMatching;
import io.fluxcore.domain.rowpattern.RowPattern;
import io.fluxcore.domain.rowpattern.RowSkip;
import io.fluxcore.domain.rowpattern.RowsPerMatch;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.topology.RowMatchConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** How job files write row patterns: what SQL's {@code MATCH_RECOGNIZE} becomes. */
final class RowMatchWords implements OperatorWords<RowMatchConfig> {
  private static final String KEY = "key";
  private static final String THEN_BY = "thenBy";
  private static final String PATTERN = "pattern";
  private static final String DEFINE = "define";
  private static final String ROWS_PER_MATCH = "rowsPerMatch";
  private static final String FIELDS = "fields";
  private static final String SKIP = "skip";
  private static final String STRATEGY = "strategy";
  private static final String VARIABLES = "variables";
  private static final String WITHIN = "within";
  private static final String FRAME = "frame";
  private static final String TIME = "time";

  @Override
  public String word() {
    return "rowPattern";
  }

  @Override
  public Class<RowMatchConfig> type() {
    return RowMatchConfig.class;
  }

  // --- Schema -----------------------------------------------------------------------------------

  @Override
  public void define(ObjectNode definitions) {
    MatchExpressionWords.define(definitions);
  }

  @Override
  public ObjectNode schema() {
    ObjectNode words =
        object(
            named(
                KEY,
                SchemaParts.oneOrMore(
                    "Fields whose rows are a sequence of their own; all rows are one if absent.")),
            named(
                THEN_BY,
                SchemaParts.oneOrMore(
                    "Fields that decide between rows of the same time, each with ` desc` behind it"
                        + " where larger values come first.")),
            named(PATTERN, text("A regular expression over variables: A B+ (C | D)*.")),
            named(
                DEFINE,
                mapOf(
                    either(
                        "an expression, or one with its terms",
                        "The condition.",
                        expression("A condition."),
                        MatchExpressionWords.schema()),
                    "variables and conditions",
                    "What rows of variables must be; those of others are any rows.")),
            named(
                ROWS_PER_MATCH,
                enumeration(words(RowsPerMatch.values()), "Which rows leave; one.")),
            named(
                FIELDS,
                mapOf(
                    either(
                        "a field, or an expression with its terms",
                        "The value.",
                        text("A field of the row."),
                        MatchExpressionWords.schema()),
                    "fields and values",
                    "Fields of the rows that leave.")),
            named(SKIP, skip()),
            named(WITHIN, duration("A match takes less than this; no bound if absent.")),
            named(
                FRAME,
                integer(
                    0, Long.MAX_VALUE, "So many rows a match has behind its first at most; any.")),
            named(
                TIME, enumeration(words(TimeCharacteristic.values()), "Which time counts; event.")),
            named(PatternWords.LIMITS, PatternWords.limits()));
    words.set("required", array(PATTERN));
    words.put("description", "Looks for a row pattern, as MATCH_RECOGNIZE of SQL does.");
    return words;
  }

  private static List<String> words(Enum<?>[] constants) {
    return Arrays.stream(constants).map(JobFileWriter::word).toList();
  }

  private static boolean hasVariables(RowSkip.Strategy strategy) {
    return strategy == RowSkip.Strategy.TO_FIRST || strategy == RowSkip.Strategy.TO_LAST;
  }

  private static List<String> strategies(boolean withVariables) {
    return Arrays.stream(RowSkip.Strategy.values())
        .filter(strategy -> hasVariables(strategy) == withVariables)
        .map(JobFileWriter::word)
        .toList();
  }

  private static ObjectNode skip() {
    ObjectNode settings =
        object(
            named(STRATEGY, enumeration(strategies(true), "To which row.")),
            named(VARIABLES, SchemaParts.oneOrMore("Of which variables.")));
    settings.set("required", array(STRATEGY, VARIABLES));
    List<String> plain = strategies(false);
    return either(
        "one of " + String.join(", ", plain) + ", or a strategy with its variables",
        "Where the search goes on behind a match; past-last-row.",
        enumeration(plain, "Which."),
        settings);
  }

  // --- Reading ----------------------------------------------------------------------------------

  @Override
  public RowMatchConfig read(TextNode node, Values values, @Nullable ErrorPolicy errors) {
    Mapping settings = Values.mapping(node);
    RowPattern pattern = values.parse(settings.walk(List.of(PATTERN)), RowPattern::parse);
    Map<String, MatchExpression> definitions = new LinkedHashMap<>();
    if (settings.get(DEFINE) instanceof Mapping conditions) {
      conditions
          .members()
          .forEach(
              (variable, member) ->
                  definitions.put(variable, MatchExpressionWords.read(member.value(), values)));
    }
    RowMatching matching =
        new RowMatching(
            texts(settings, KEY),
            Objects.requireNonNullElseGet(pattern, () -> RowPattern.sequence(List.of())),
            definitions,
            Values.constant(settings, ROWS_PER_MATCH, RowsPerMatch.class, RowsPerMatch.ONE),
            outputs(settings, values),
            skip(settings),
            within(settings, values),
            Values.wholeNumber(settings, FRAME, RowMatching.UNBOUNDED),
            PatternWords.limits(settings, values),
            Values.constant(settings, TIME, TimeCharacteristic.class, TimeCharacteristic.EVENT));
    return new RowMatchConfig(
        matching, texts(settings, THEN_BY).stream().map(SortField::parse).toList(), errors);
  }

  private static List<String> texts(Mapping settings, String word) {
    TextNode node = settings.get(word);
    return node == null ? List.of() : Values.texts(node);
  }

  private static List<RowMatching.OutputField> outputs(Mapping settings, Values values) {
    List<RowMatching.OutputField> outputs = new ArrayList<>();
    if (settings.get(FIELDS) instanceof Mapping fields) {
      fields
          .members()
          .forEach(
              (name, member) ->
                  outputs.add(
                      member.value() instanceof Scalar field
                          ? new RowMatching.Passed(name, field.text())
                          : new RowMatching.Measure(
                              name, MatchExpressionWords.read(member.value(), values))));
    }
    return outputs;
  }

  private static RowSkip skip(Mapping settings) {
    TextNode node = settings.get(SKIP);
    if (node == null) {
      return RowSkip.pastLastRow();
    }
    if (node instanceof Mapping words) {
      return new RowSkip(
          Values.constant(words, STRATEGY, RowSkip.Strategy.class, RowSkip.Strategy.TO_FIRST),
          Set.copyOf(new TreeSet<>(texts(words, VARIABLES))));
    }
    return new RowSkip(Values.constant(RowSkip.Strategy.class, Values.text(node)), Set.of());
  }

  private static long within(Mapping settings, Values values) {
    TextNode node = settings.get(WITHIN);
    Duration within = values.optionalDuration(settings, WITHIN);
    if (node == null || within == null) {
      return 0;
    }
    Long millis =
        values.check(
            node,
            () -> {
              if (within.toMillis() < 1 || !Duration.ofMillis(within.toMillis()).equals(within)) {
                throw new IllegalArgumentException(
                    "a match is within a whole number of milliseconds, one or more");
              }
              return within.toMillis();
            });
    return millis == null ? 0 : millis;
  }

  // --- Writing ----------------------------------------------------------------------------------

  @Override
  public Object write(RowMatchConfig config) {
    RowMatching matching = config.matching();
    Map<String, Object> words = new LinkedHashMap<>();
    JobFileWriter.putUnless(words, KEY, matching.key(), List.of());
    JobFileWriter.putUnless(
        words, THEN_BY, config.thenBy().stream().map(SortField::toString).toList(), List.of());
    words.put(PATTERN, matching.pattern().toString());
    Map<String, Object> conditions = new LinkedHashMap<>();
    matching
        .definitions()
        .forEach(
            (variable, condition) ->
                conditions.put(variable, MatchExpressionWords.writeCondition(condition)));
    JobFileWriter.putUnless(words, DEFINE, conditions, Map.of());
    if (matching.rowsPerMatch() != RowsPerMatch.ONE) {
      words.put(ROWS_PER_MATCH, JobFileWriter.word(matching.rowsPerMatch()));
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    for (RowMatching.OutputField output : matching.outputs()) {
      fields.put(
          output.name(),
          output instanceof RowMatching.Passed passed
              ? passed.field()
              : MatchExpressionWords.write(((RowMatching.Measure) output).expression()));
    }
    JobFileWriter.putUnless(words, FIELDS, fields, Map.of());
    if (!matching.skip().equals(RowSkip.pastLastRow())) {
      words.put(SKIP, write(matching.skip()));
    }
    if (matching.withinMillis() > 0) {
      words.put(WITHIN, JobFileWriter.text(Duration.ofMillis(matching.withinMillis())));
    }
    JobFileWriter.putUnless(words, FRAME, matching.frame(), RowMatching.UNBOUNDED);
    if (matching.time() != TimeCharacteristic.EVENT) {
      words.put(TIME, JobFileWriter.word(matching.time()));
    }
    PatternWords.write(words, matching.limits());
    return words;
  }

  private static Object write(RowSkip skip) {
    String strategy = JobFileWriter.word(skip.strategy());
    if (!hasVariables(skip.strategy())) {
      return strategy;
    }
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put(STRATEGY, strategy);
    settings.put(VARIABLES, List.copyOf(new TreeSet<>(skip.variables())));
    return settings;
  }
}
