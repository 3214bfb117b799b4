package io.fluxcore.domain.pattern;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks for the patterns of rules in the events of each key: the declaration that {@link #operator}
 * compiles. Events of a key are expected in the order of their times, which {@link
 * io.fluxcore.domain.sort.EventTimeSort} gives them. Immutable.
 *
 * <p>A match becomes a row: the fields of the key, {@link #RULE}, {@link #MATCH_START} and {@link
 * #MATCH_END}, the measures of all rules (null where the rule has none of the name), and {@link
 * #EVENTS}, which has for each stage the list of its events. Its timestamp is the time at which the
 * match was known. Partial matches whose time is over are rows of the same shape at {@link
 * #TIMEOUT_PORT}.
 *
 * @param key names of the fields of the key, none where all rows are one sequence
 * @param rules what is looked for
 * @param eventFields the fields that the events of alerts have; none for all
 * @param limits bounds of partial matches
 * @param time EVENT or INGESTION: rows' timestamps and watermarks; PROCESSING: the host's clock
 */
public record PatternMatching(
    List<String> key,
    List<PatternRule> rules,
    List<String> eventFields,
    PatternLimits limits,
    TimeCharacteristic time) {
  /** The field with the rule's id, STRING. */
  public static final String RULE = "rule";

  /** The field with the time of the first event, TIMESTAMP_TZ. */
  public static final String MATCH_START = "match_start";

  /** The field with the time of the last event, or of when its time was over; TIMESTAMP_TZ. */
  public static final String MATCH_END = "match_end";

  /** The field with the events by stage, NESTED: a map of lists of maps. */
  public static final String EVENTS = "events";

  /** The port of partial matches whose time is over. */
  public static final int TIMEOUT_PORT = 1;

  private static final Set<String> OWN_FIELDS = Set.of(RULE, MATCH_START, MATCH_END, EVENTS);

  public PatternMatching {
    key = List.copyOf(key);
    rules = List.copyOf(rules);
    eventFields = List.copyOf(eventFields);
  }

  /** With the usual limits, in event time. */
  public PatternMatching(List<String> key, List<PatternRule> rules) {
    this(key, rules, List.of(), PatternLimits.DEFAULT, TimeCharacteristic.EVENT);
  }

  /** All that is wrong over a schema. */
  public List<Diagnostic> check(Schema input, ExpressionContext context) {
    List<Diagnostic> problems = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    Map<String, DataType> measures = new LinkedHashMap<>();
    if (rules.isEmpty()) {
      problems.add(
          Diagnostic.error(
              "FLX-PATTERN-0013", Place.WHOLE, "there is no rule", "give at least one pattern"));
    }
    for (PatternRule rule : rules) {
      String place = "rule '" + rule.id() + "'";
      if (rule.id().isBlank() || !ids.add(rule.id())) {
        problems.add(
            Diagnostic.error(
                "FLX-PATTERN-0014",
                Place.of(place),
                "ids of rules differ and are not blank",
                "give the rule another id"));
      }
      check(rule, input, context, measures).forEach(problem -> problems.add(problem.in(place)));
    }
    names(measures.keySet(), problems);
    return problems;
  }

  private static List<Diagnostic> check(
      PatternRule rule, Schema input, ExpressionContext context, Map<String, DataType> measures) {
    List<Diagnostic> problems = new ArrayList<>(rule.pattern().problems());
    if (!problems.isEmpty()) {
      return problems;
    }
    try {
      RuleRunner runner = new RuleRunner(rule, new RowFormat(input.closed()), context);
      EventConditions conditions = new EventConditions(input.closed(), context);
      for (int c = 0; c < runner.ofEvent.length; c++) {
        PatternCondition condition = runner.ofEvent[c];
        if (condition != null) {
          conditions.add(condition, 0, c);
        }
      }
      conditions.prepare();
      runner
          .measureTypes()
          .forEach(
              (name, type) -> {
                DataType other = measures.putIfAbsent(name, type);
                if (other != null && !other.equals(type)) {
                  problems.add(
                      Diagnostic.error(
                          "FLX-PATTERN-0015",
                          Place.of("measure '" + name + "'"),
                          "it is " + type + " here and " + other + " in another rule",
                          "cast it to the same type, or give it another name"));
                }
              });
    } catch (FluxCoreException e) {
      problems.addAll(e.diagnostics());
    }
    return problems;
  }

  private void names(Set<String> measures, List<Diagnostic> problems) {
    Set<String> taken = new HashSet<>(OWN_FIELDS);
    List<String> names = new ArrayList<>(key);
    names.addAll(measures);
    for (String name : names) {
      if (!taken.add(name)) {
        problems.add(
            Diagnostic.error(
                "FLX-PATTERN-0016",
                Place.of("field '" + name + "'"),
                "alerts would have two fields of this name; " + OWN_FIELDS + " are their own",
                "rename the measure, or the field before the pattern"));
      }
    }
  }

  /**
   * The fields of alerts.
   *
   * @throws FluxCoreException of category USER if a rule does not fit the schema
   */
  public Schema output(Schema input, ExpressionContext context) {
    Schema.Builder schema = Schema.builder();
    for (String field : key) {
      schema.field(field, input.type(input.ordinal(field)));
    }
    schema.field(RULE, DataType.STRING);
    schema.field(MATCH_START, DataType.TIMESTAMP_TZ);
    schema.field(MATCH_END, DataType.TIMESTAMP_TZ);
    Map<String, DataType> measures = new LinkedHashMap<>();
    RuleRunner.all(rules, new RowFormat(input.closed()), context)
        .forEach(runner -> runner.measureTypes().forEach(measures::putIfAbsent));
    measures.forEach(schema::field);
    return schema.field(EVENTS, DataType.NESTED).build();
  }

  /** Ordinals of the key's fields. */
  public int[] keyOrdinals(Schema input) {
    return key.stream().mapToInt(input::ordinal).toArray();
  }

  /** The fields of events that rules name, and those of the key. */
  public Set<String> usedFields() {
    Set<String> fields = new LinkedHashSet<>(key);
    fields.addAll(eventFields);
    rules.forEach(
        rule ->
            PatternTexts.expressions(rule)
                .forEach((expression, isCondition) -> fields.addAll(expression.fields())));
    return fields;
  }

  /**
   * The operator for one subtask.
   *
   * @param input what batches have, of which other fields than those that are used are left out
   */
  public Operator operator(Schema input, ExpressionContext context) {
    return operator(input, context, true);
  }

  /**
   * The same.
   *
   * @param timeouts whether anybody reads the port of time-outs, which are counted anyway
   */
  public Operator operator(Schema input, ExpressionContext context, boolean timeouts) {
    return new PatternOperator(this, input.closed(), context, timeouts);
  }
}
