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

import io.fluxcore.adapters.in.jobfile.SchemaParts.Word;
import io.fluxcore.adapters.in.jobfile.text.TextNode;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Listing;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.pattern.AfterMatchSkip;
import io.fluxcore.domain.pattern.Pattern;
import io.fluxcore.domain.pattern.PatternLimits;
import io.fluxcore.domain.pattern.PatternRule;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.topology.PatternConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * How job files write patterns. A node has the stages of one pattern, or a list of rules, each with
 * its own.
 */
final class PatternWords implements OperatorWords<PatternConfig> {
  private static final String KEY = "key";
  private static final String RULES = "rules";
  static final String ID = "id";
  static final String STAGES = "stages";
  private static final String WITHIN = "within";
  private static final String SKIP = "skip";
  private static final String STRATEGY = "strategy";
  private static final String STAGE = "stage";
  private static final String OR_FAIL = "orFail";
  private static final String MEASURES = "measures";
  private static final String THEN_BY = "thenBy";
  private static final String EVENT_FIELDS = "eventFields";
  private static final String TIME = "time";
  static final String LIMITS = "limits";
  private static final String PER_KEY = "perKey";
  private static final String TOTAL = "total";
  private static final String EVENTS_PER_MATCH = "eventsPerMatch";
  private static final String POLICY = "policy";
  private static final String PROCESSING = "processing";

  @Override
  public String word() {
    return "pattern";
  }

  @Override
  public Class<PatternConfig> type() {
    return PatternConfig.class;
  }

  // --- Schema -----------------------------------------------------------------------------------

  @Override
  public void define(ObjectNode definitions) {
    PatternStageWords.define(definitions);
  }

  @Override
  public ObjectNode schema() {
    List<Word> words = new ArrayList<>(rule());
    words.add(
        named(
            KEY,
            SchemaParts.oneOrMore(
                "Fields whose events are a sequence of their own; those of the keyBy above, or all"
                    + " events, if absent.")));
    words.add(named(RULES, rules()));
    words.add(
        named(
            THEN_BY,
            SchemaParts.oneOrMore(
                "Fields that decide between events of the same time, each with ` desc` behind it"
                    + " where larger values come first.")));
    words.add(
        named(
            EVENT_FIELDS,
            SchemaParts.oneOrMore("Fields that the events of alerts have; all if absent.")));
    words.add(named(TIME, enumeration(List.of("event", PROCESSING), "Which time counts; event.")));
    words.add(named(LIMITS, limits()));
    ObjectNode pattern = object(words);
    pattern.put("description", "Looks for sequences of events.");
    return pattern;
  }

  private static List<Word> rule() {
    return List.of(
        named(STAGES, PatternStageWords.stages("The stages of the pattern, in their order.")),
        named(WITHIN, duration("A match takes less than this; no bound if absent.")),
        named(SKIP, skip()),
        named(
            MEASURES,
            mapOf(
                expression("The value, over the stages: last(b.price) - first(a.price)."),
                "fields and expressions",
                "Fields of the alerts.")));
  }

  /**
   * A rule by itself.
   *
   * @param required the words that it must have
   */
  static ObjectNode rule(String... required) {
    List<Word> words = new ArrayList<>();
    words.add(named(ID, text("Unique in the node; alerts have it in the field rule.")));
    words.addAll(rule());
    ObjectNode rule = object(words);
    rule.set("required", array(required));
    return rule;
  }

  private static ObjectNode rules() {
    ObjectNode rules = JsonNodeFactory.instance.objectNode();
    rules.put("type", "array");
    rules.put("title", "a list of rules");
    rules.put("description", "Several patterns, which share a pass over the events.");
    rules.set("items", rule(ID, STAGES));
    return rules;
  }

  private static ObjectNode skip() {
    List<String> plain = new ArrayList<>();
    List<String> withStage = new ArrayList<>();
    for (AfterMatchSkip.Strategy strategy : AfterMatchSkip.Strategy.values()) {
      (strategy.hasStage() ? withStage : plain).add(JobFileWriter.word(strategy));
    }
    ObjectNode settings =
        object(
            named(STRATEGY, enumeration(withStage, "To which event.")),
            named(STAGE, text("Of which stage.")),
            named(
                OR_FAIL,
                SchemaParts.flag("Whether a match with nothing to skip to fails the job; false.")));
    settings.set("required", array(STRATEGY, STAGE));
    return either(
        "one of " + String.join(", ", plain) + ", or a strategy with its stage",
        "Which other matches are given up when one is found; no-skip.",
        enumeration(plain, "Which."),
        settings);
  }

  /** Bounds of partial matches. */
  static ObjectNode limits() {
    List<String> policies = new ArrayList<>();
    for (PatternLimits.Policy policy : PatternLimits.Policy.values()) {
      policies.add(policy.word());
    }
    PatternLimits usual = PatternLimits.DEFAULT;
    ObjectNode limits =
        object(
            named(
                PER_KEY,
                integer(1, Integer.MAX_VALUE, "Partial matches of a key; " + usual.perKey() + ".")),
            named(
                TOTAL,
                integer(1, Long.MAX_VALUE, "Partial matches of a subtask; " + usual.total() + ".")),
            named(
                EVENTS_PER_MATCH,
                integer(
                    1,
                    Integer.MAX_VALUE,
                    "Events of a partial match; " + usual.eventsPerMatch() + ".")),
            named(POLICY, enumeration(policies, "What gives way; " + usual.policy().word() + ".")));
    limits.put("description", "Bounds of the memory that partial matches take.");
    return limits;
  }

  // --- Reading ----------------------------------------------------------------------------------

  @Override
  public PatternConfig read(TextNode node, Values values, @Nullable ErrorPolicy errors) {
    Mapping settings = Values.mapping(node);
    List<PatternRule> rules = new ArrayList<>();
    if (settings.get(STAGES) != null) {
      rules.add(rule(settings, PatternConfig.DEFAULT_RULE, values));
    }
    if (settings.get(RULES) instanceof Listing list) {
      for (TextNode rule : list.items()) {
        Mapping words = Values.mapping(rule);
        rules.add(rule(words, Values.text(words, ID, ""), values));
      }
    }
    return new PatternConfig(
        texts(settings, KEY),
        rules,
        texts(settings, THEN_BY).stream().map(SortField::parse).toList(),
        texts(settings, EVENT_FIELDS),
        limits(settings, values),
        PROCESSING.equals(Values.optionalText(settings, TIME)),
        errors);
  }

  private static List<String> texts(Mapping settings, String word) {
    TextNode node = settings.get(word);
    return node == null ? List.of() : Values.texts(node);
  }

  static PatternRule rule(Mapping words, String id, Values values) {
    Map<String, String> measures = new LinkedHashMap<>();
    if (words.get(MEASURES) instanceof Mapping map) {
      map.members().forEach((name, member) -> measures.put(name, Values.text(member.value())));
    }
    Pattern pattern =
        Pattern.of(
            PatternStageWords.read(words.walk(List.of(STAGES)), values),
            values.optionalDuration(words, WITHIN),
            skip(words));
    return new PatternRule(id, pattern, measures);
  }

  private static AfterMatchSkip skip(Mapping words) {
    TextNode node = words.get(SKIP);
    if (node == null) {
      return AfterMatchSkip.noSkip();
    }
    if (node instanceof Mapping settings) {
      return new AfterMatchSkip(
          Values.constant(
              settings, STRATEGY, AfterMatchSkip.Strategy.class, AfterMatchSkip.Strategy.TO_FIRST),
          Values.optionalText(settings, STAGE),
          Values.flag(settings, OR_FAIL));
    }
    return new AfterMatchSkip(
        Values.constant(AfterMatchSkip.Strategy.class, Values.text(node)), null, false);
  }

  /** The bounds that settings have, or the usual ones. */
  static PatternLimits limits(Mapping settings, Values values) {
    PatternLimits usual = PatternLimits.DEFAULT;
    if (!(settings.get(LIMITS) instanceof Mapping words)) {
      return usual;
    }
    PatternLimits limits =
        values.check(
            words,
            () ->
                new PatternLimits(
                    Values.integer(words, PER_KEY, usual.perKey()),
                    Values.wholeNumber(words, TOTAL, usual.total()),
                    Values.integer(words, EVENTS_PER_MATCH, usual.eventsPerMatch()),
                    Values.constant(words, POLICY, PatternLimits.Policy.class, usual.policy())));
    return limits == null ? usual : limits;
  }

  // --- Writing ----------------------------------------------------------------------------------

  @Override
  public Object write(PatternConfig config) {
    Map<String, Object> words = new LinkedHashMap<>();
    JobFileWriter.putUnless(words, KEY, config.key(), List.of());
    PatternRule first = config.rules().isEmpty() ? null : config.rules().get(0);
    if (first != null
        && config.rules().size() == 1
        && first.id().equals(PatternConfig.DEFAULT_RULE)) {
      words.putAll(words(first));
    } else {
      List<Object> rules = new ArrayList<>();
      for (PatternRule rule : config.rules()) {
        rules.add(wordsWithId(rule));
      }
      words.put(RULES, rules);
    }
    JobFileWriter.putUnless(
        words, THEN_BY, config.thenBy().stream().map(SortField::toString).toList(), List.of());
    JobFileWriter.putUnless(words, EVENT_FIELDS, config.eventFields(), List.of());
    if (config.processingTime()) {
      words.put(TIME, PROCESSING);
    }
    write(words, config.limits());
    return words;
  }

  static Map<String, Object> wordsWithId(PatternRule rule) {
    Map<String, Object> words = new LinkedHashMap<>();
    words.put(ID, rule.id());
    words.putAll(words(rule));
    return words;
  }

  private static Map<String, Object> words(PatternRule rule) {
    Map<String, Object> words = new LinkedHashMap<>();
    words.put(STAGES, PatternStageWords.write(rule.pattern()));
    if (rule.pattern().within() != null) {
      words.put(WITHIN, JobFileWriter.text(rule.pattern().within()));
    }
    AfterMatchSkip skip = rule.pattern().skip();
    if (skip.strategy().hasStage()) {
      Map<String, Object> settings = new LinkedHashMap<>();
      settings.put(STRATEGY, JobFileWriter.word(skip.strategy()));
      settings.put(STAGE, skip.stage() == null ? "" : skip.stage());
      JobFileWriter.putUnless(settings, OR_FAIL, skip.failing(), false);
      words.put(SKIP, settings);
    } else if (skip.strategy() != AfterMatchSkip.Strategy.NO_SKIP) {
      words.put(SKIP, JobFileWriter.word(skip.strategy()));
    }
    JobFileWriter.putUnless(words, MEASURES, rule.measures(), Map.of());
    return words;
  }

  /** Adds the bounds to settings, unless they are the usual ones. */
  static void write(Map<String, Object> settings, PatternLimits limits) {
    PatternLimits usual = PatternLimits.DEFAULT;
    Map<String, Object> words = new LinkedHashMap<>();
    JobFileWriter.putUnless(words, PER_KEY, limits.perKey(), usual.perKey());
    JobFileWriter.putUnless(words, TOTAL, limits.total(), usual.total());
    JobFileWriter.putUnless(
        words, EVENTS_PER_MATCH, limits.eventsPerMatch(), usual.eventsPerMatch());
    if (limits.policy() != usual.policy()) {
      words.put(POLICY, limits.policy().word());
    }
    JobFileWriter.putUnless(settings, LIMITS, words, Map.of());
  }
}
