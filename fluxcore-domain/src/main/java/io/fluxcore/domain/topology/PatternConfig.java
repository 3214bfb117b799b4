package io.fluxcore.domain.topology;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.pattern.Pattern;
import io.fluxcore.domain.pattern.PatternLimits;
import io.fluxcore.domain.pattern.PatternMatching;
import io.fluxcore.domain.pattern.PatternRule;
import io.fluxcore.domain.pattern.PatternTexts;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.sort.EventTimeSort;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks for sequences of events: complex event processing.
 *
 * <pre>{@code
 * PatternConfig.pattern(
 *         Pattern.begin("failures").where("not ok").times(3).within(Duration.ofMinutes(5)))
 *     .withKey("user")
 *     .withMeasure("first_ip", "first(failures.ip)")
 *     .build()
 * }</pre>
 *
 * <p>A match is a row: see {@link PatternMatching}. Partial matches whose time is over leave by the
 * port {@code timeout}. In event time the events of a key are put in order first; those that are
 * late leave by the port {@code late}.
 *
 * @param key fields of the key; none for that of the {@code keyBy} upstream, or one sequence of all
 * @param rules what is looked for
 * @param thenBy decides between events of the same time; without it those that came first are first
 * @param eventFields the fields that events of alerts have; none for all
 * @param limits bounds of partial matches
 * @param processingTime whether events count in the order and at the time of their arrival
 */
public record PatternConfig(
    List<String> key,
    List<PatternRule> rules,
    List<SortField> thenBy,
    List<String> eventFields,
    PatternLimits limits,
    boolean processingTime,
    @Nullable ErrorPolicy errors)
    implements OperatorConfig {
  /** The port of partial matches whose time is over. */
  public static final String TIMEOUT_PORT = "timeout";

  /** The id of a rule that was given without one. */
  public static final String DEFAULT_RULE = "pattern";

  public PatternConfig {
    key = List.copyOf(key);
    rules = List.copyOf(rules);
    thenBy = List.copyOf(thenBy);
    eventFields = List.copyOf(eventFields);
  }

  /** A node that looks for one pattern. */
  public static Builder pattern(Pattern pattern) {
    return new Builder().withRule(DEFAULT_RULE, pattern);
  }

  /** A node that looks for the patterns of several rules, which share a pass over the events. */
  public static Builder patterns() {
    return new Builder();
  }

  /** The same with other rules. */
  public PatternConfig withRules(List<PatternRule> newRules) {
    return new PatternConfig(key, newRules, thenBy, eventFields, limits, processingTime, errors);
  }

  /** As the operators understand it. */
  public PatternMatching matching() {
    return new PatternMatching(
        key,
        rules,
        eventFields,
        limits,
        processingTime ? TimeCharacteristic.PROCESSING : TimeCharacteristic.EVENT);
  }

  @Override
  public OperatorConfig keyedBy(List<String> above) {
    return key.isEmpty()
        ? new PatternConfig(above, rules, thenBy, eventFields, limits, processingTime, errors)
        : this;
  }

  @Override
  public List<String> ports() {
    return processingTime ? List.of(TIMEOUT_PORT) : List.of(TIMEOUT_PORT, WindowConfig.LATE_PORT);
  }

  @Override
  public String describe() {
    String what =
        rules.stream()
            .map(rule -> rule.id() + ": " + rule.pattern().describe() + measures(rule))
            .collect(Collectors.joining("; "));
    return "pattern "
        + what
        + (key.isEmpty() ? "" : " per " + String.join(", ", key))
        + (processingTime ? " in processing time" : "");
  }

  private static String measures(PatternRule rule) {
    return rule.measures().isEmpty() ? "" : " giving " + rule.measures();
  }

  @Override
  public List<String> boundParts() {
    return rules.stream()
        .filter(rule -> !rule.pattern().isPortable())
        .map(rule -> "condition lambda of rule '" + rule.id() + "'")
        .toList();
  }

  @Override
  public void check(NodeFindings findings) {
    findings.distinct("key", key);
    findings.distinct("eventFields", eventFields);
  }

  @Override
  public List<FieldUse> uses(int input, ExpressionContext expressions) {
    Map<String, FieldUse> uses = new LinkedHashMap<>();
    for (PatternRule rule : rules) {
      PatternTexts.expressions(rule)
          .forEach(
              (expression, isCondition) -> {
                expression
                    .demands(expressions.functions(), isCondition)
                    .forEach((field, type) -> uses.putIfAbsent(field, FieldUse.firm(field, type)));
                expression
                    .fields()
                    .forEach(field -> uses.putIfAbsent(field, FieldUse.of(field, DataType.NESTED)));
              });
    }
    key.forEach(field -> uses.putIfAbsent(field, FieldUse.of(field, DataType.STRING)));
    thenBy.forEach(
        field -> uses.putIfAbsent(field.name(), FieldUse.of(field.name(), DataType.DOUBLE)));
    eventFields.forEach(field -> uses.putIfAbsent(field, FieldUse.of(field, DataType.NESTED)));
    return new ArrayList<>(uses.values());
  }

  @Override
  public boolean usesAllFields(int input, Changes changes) {
    return eventFields.isEmpty() || !boundParts().isEmpty();
  }

  @Override
  public @Nullable InputField origin(String port, String field) {
    return port.equals(WindowConfig.LATE_PORT) || key.contains(field)
        ? new InputField(0, field)
        : null;
  }

  @Override
  public @Nullable String passedAs(int input, String field) {
    return key.contains(field) ? field : null;
  }

  @Override
  public Map<String, Schema> outputs(
      List<Schema> inputs, NodeFindings findings, ExpressionContext expressions) {
    Schema input = inputs.get(0);
    Map<String, Schema> outputs = new LinkedHashMap<>();
    if (!processingTime) {
      outputs.put(WindowConfig.LATE_PORT, input);
    }
    boolean complete = findings.key("key", key, input);
    for (String field : eventFields) {
      complete &= findings.hasField("eventFields", field, input);
    }
    for (SortField field : thenBy) {
      complete &= orders(field.name(), input, findings);
    }
    List<Diagnostic> problems = complete ? matching().check(input, expressions) : List.of();
    findings.addAll("rules", problems);
    if (complete && problems.isEmpty()) {
      Schema alerts = matching().output(input, expressions);
      outputs.put(MAIN_PORT, alerts);
      outputs.put(TIMEOUT_PORT, alerts);
    }
    return outputs;
  }

  private static boolean orders(String field, Schema input, NodeFindings findings) {
    if (!findings.hasField("thenBy", field, input)) {
      return false;
    }
    if (EventTimeSort.canOrder(input.type(input.ordinal(field)))) {
      return true;
    }
    findings.error(
        "FLX-TOPO-0019",
        "thenBy",
        "'" + field + "' is nested and has no order",
        "project a part of it first");
    return false;
  }

  @Override
  public List<String> key(int input) {
    return key;
  }

  @Override
  public boolean needsEventTime() {
    return !processingTime;
  }

  @Override
  public @Nullable EventTimeSort sort() {
    return processingTime ? null : new EventTimeSort(key, thenBy, EventTimeSort.DEFAULT_MAX_ROWS);
  }

  @Override
  public boolean savesUnreadPorts() {
    return true;
  }

  @Override
  public OperatorPlan plan(
      List<Schema> inputs, List<Changes> changes, List<Schema> outputs, OperatorTools tools) {
    Schema input = inputs.get(0);
    PatternMatching matching = matching();
    Schema alerts = matching.output(input, tools.expressions());
    List<Schema> ports = processingTime ? List.of(alerts, alerts) : List.of(alerts, alerts, input);
    // without more to go by, events of equal times count in the order of their arrival
    boolean deterministic = !processingTime && !thenBy.isEmpty() && boundParts().isEmpty();
    boolean hasTimeouts = outputs.get(PatternMatching.TIMEOUT_PORT).size() > 0;
    return new OperatorPlan(
        () -> matching.operator(input, tools.expressions(), hasTimeouts), ports, deterministic);
  }

  /** Collects the settings of a pattern node. Not thread-safe. */
  public static final class Builder {
    private final List<PatternRule> rules = new ArrayList<>();
    private List<String> key = List.of();
    private final List<SortField> thenBy = new ArrayList<>();
    private List<String> eventFields = List.of();
    private PatternLimits limits = PatternLimits.DEFAULT;
    private boolean processingTime;
    private @Nullable ErrorPolicy errors;

    private Builder() {}

    /** The events of each value of these fields are a sequence of their own. */
    public Builder withKey(String... fields) {
      this.key = List.of(fields);
      return this;
    }

    /** One more pattern to look for. */
    public Builder withRule(String id, Pattern pattern) {
      return withRule(new PatternRule(id, pattern));
    }

    /** One more pattern to look for. */
    public Builder withRule(PatternRule rule) {
      rules.add(Objects.requireNonNull(rule));
      return this;
    }

    /** A field of the alerts of the rule that was given last: {@code last(c.price)}. */
    public Builder withMeasure(String name, String expression) {
      if (rules.isEmpty()) {
        throw new IllegalStateException("withMeasure is about a rule; give it first");
      }
      PatternRule last = rules.remove(rules.size() - 1);
      Map<String, String> measures = new LinkedHashMap<>(last.measures());
      measures.put(name, expression);
      rules.add(new PatternRule(last.id(), last.pattern(), measures));
      return this;
    }

    /** Of events of the same time those with smaller values come first. */
    public Builder thenBy(String field) {
      thenBy.add(SortField.ascending(field));
      return this;
    }

    /** Of events of the same time those with larger values come first. */
    public Builder thenByDescending(String field) {
      thenBy.add(SortField.descending(field));
      return this;
    }

    /** The fields that the events of alerts have; without it, all. */
    public Builder withEventFields(String... fields) {
      this.eventFields = List.of(fields);
      return this;
    }

    /** Bounds of partial matches. */
    public Builder withLimits(PatternLimits newLimits) {
      this.limits = Objects.requireNonNull(newLimits);
      return this;
    }

    /** Events count in the order of their arrival, and times are those of the clock. */
    public Builder withProcessingTime() {
      this.processingTime = true;
      return this;
    }

    /** What happens to rows for which a condition cannot be evaluated. */
    public Builder withErrorPolicy(ErrorPolicy policy) {
      this.errors = policy;
      return this;
    }

    public PatternConfig build() {
      return new PatternConfig(key, rules, thenBy, eventFields, limits, processingTime, errors);
    }
  }
}
