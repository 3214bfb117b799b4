package io.fluxcore.adapters.in.jobfile;

import static io.fluxcore.adapters.in.jobfile.SchemaParts.array;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.duration;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.either;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.enumeration;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.expression;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.flag;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.integer;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.mapOf;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.named;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.number;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.object;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.ref;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.text;

import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.operator.RetryPolicy;
import io.fluxcore.domain.shedding.LoadShedding;
import io.fluxcore.domain.shedding.SheddingPolicy;
import io.fluxcore.domain.sort.EventTimeSort;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What may stand in a job file, as JSON Schema 2020-12: made from the model and from what the
 * connectors say of themselves, so that an editor and FluxCore know the same words. Immutable.
 */
public final class JobFileSchema {
  private static final List<String> ERROR_ACTIONS = List.of("fail", "skip", "dead-letter");

  /** A word of all sources; a source connector's option of this name is given it when planned. */
  private static final String DECLARED_FIELDS = "schema";

  /** What every source has beside its connector's options. */
  static final Set<String> SOURCE_WORDS =
      Set.of(
          "connector",
          "schema",
          "openSchema",
          "primaryKey",
          "timestampField",
          "timestampExpression",
          "time",
          "maxOutOfOrderness",
          "idleTimeout",
          "maxFuture",
          "silenceFallback",
          "alignment",
          "loadShedding",
          "parallelism");

  /** What every sink has beside its connector's options. */
  static final Set<String> SINK_WORDS = Set.of("connector", "parallelism");

  /** What every lookup has beside its connector's options. */
  static final Set<String> LOOKUP_WORDS =
      Set.of(
          "connector",
          LookupWords.SCHEMA,
          LookupWords.ANY_ORDER,
          LookupWords.IN_FLIGHT,
          LookupWords.KEYS_PER_CALL,
          LookupWords.TIMEOUT,
          LookupWords.CACHE);

  /** What a node does: exactly one of these. */
  static final List<String> NODE_KINDS = nodeKinds();

  private static List<String> nodeKinds() {
    List<String> kinds =
        new ArrayList<>(
            List.of(
                "source",
                "filter",
                "map",
                "project",
                "rename",
                "unnest",
                "keyBy",
                "sort",
                "route",
                "process",
                "union",
                "window",
                "aggregate"));
    OperatorKinds.ALL.forEach(words -> kinds.add(words.word()));
    kinds.add("sink");
    return List.copyOf(kinds);
  }

  private final ObjectNode root;

  private JobFileSchema(ObjectNode root) {
    this.root = root;
  }

  /**
   * The schema for these connectors.
   *
   * @throws IllegalArgumentException if an option has the name of a word that all sources, sinks or
   *     lookups have
   */
  public static JobFileSchema of(
      List<ConnectorDescriptor> sources,
      List<ConnectorDescriptor> sinks,
      List<ConnectorDescriptor> lookups) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    root.put("$id", "urn:fluxcore:job-file");
    root.put("title", "a FluxCore job file");
    ObjectNode file =
        object(
            named("job", ref("job", "How the job is run.")),
            named("topology", ref("topology", "What the job does, node by node.")));
    file.set("required", array("job", "topology"));
    root.setAll(file);
    ObjectNode definitions = root.putObject("$defs");
    definitions.set("job", job());
    definitions.set("topology", topology());
    definitions.set("node", node());
    definitions.set("source", connector("source", sources, source(), SOURCE_WORDS));
    definitions.set("sink", connector("sink", sinks, sink(), SINK_WORDS));
    definitions.set("lookup", lookup(lookups, LookupWords.schema(), LOOKUP_WORDS));
    definitions.set(
        "fullLookup", lookup(ending(sources), FullLookupWords.schema(), FullLookupWords.ALL));
    OperatorKinds.ALL.forEach(words -> words.define(definitions));
    SchemaParts.defineLeaves(definitions);
    return new JobFileSchema(root);
  }

  /** The schema of a rule of a pattern by itself; its id may be said elsewhere. */
  static JobFileSchema ofRule() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    root.put("$id", "urn:fluxcore:pattern-rule");
    root.put("title", "a rule of a pattern");
    root.setAll(PatternWords.rule(PatternWords.STAGES));
    ObjectNode definitions = root.putObject("$defs");
    PatternStageWords.define(definitions);
    SchemaParts.defineLeaves(definitions);
    return new JobFileSchema(root);
  }

  /** The schema as text, indented, with a line break at the end. */
  public String toJson() {
    return root.toPrettyString() + "\n";
  }

  ObjectNode root() {
    return root;
  }

  private static ObjectNode job() {
    ObjectNode job =
        object(
            named("name", text("Unique among the jobs that are not over.")),
            named("version", text("Of the topology; 1 unless said otherwise.")),
            named(
                "parallelism",
                integer(1, JobConfig.MAX_PARALLELISM_LIMIT, "Subtasks of each node; 1.")),
            named(
                "maxParallelism",
                integer(
                    1,
                    JobConfig.MAX_PARALLELISM_LIMIT,
                    "Number of key groups, fixed for the job's life; "
                        + JobConfig.DEFAULT_MAX_PARALLELISM
                        + ".")),
            named(
                "checkpointInterval", duration("From one checkpoint to the next; none if absent.")),
            named("checkpoints", checkpoints()),
            named("restartStrategy", restartStrategy()),
            named("errorPolicy", errorPolicy("For rows that cannot be processed; dead-letter.")),
            named("errorBreaker", errorBreaker()),
            named(
                "batchRows",
                integer(
                    1,
                    Integer.MAX_VALUE,
                    "Rows that a batch aims at; " + JobConfig.DEFAULT_BATCH_ROWS + ".")),
            named("linger", duration("How long a batch may wait for more rows; 5ms.")),
            named("watermarkInterval", duration("From one watermark to the next; 200ms.")),
            named(
                "stateBackend",
                text("Where state lives: heap, rocksdb, redis, or another backend by its name.")),
            named(
                "deliveryGuarantee",
                enumeration(
                    List.of("at-most-once", "at-least-once", "exactly-once"),
                    "What all parts must be able to promise; whatever they can if absent.")),
            named(
                "allowNonRestoredState",
                flag("An upgrade may leave behind the state of nodes that are gone; false.")));
    job.set("required", array("name"));
    return job;
  }

  private static ObjectNode checkpoints() {
    return object(
        named("interval", duration("From one checkpoint to the next.")),
        named("timeout", duration("After which a checkpoint is given up; 10m.")),
        named("minPause", duration("From the end of one to the start of the next; 0s.")),
        named(
            "toleratedFailures",
            integer(0, Integer.MAX_VALUE, "Failed checkpoints in a row that do not fail the job.")),
        named("retained", integer(1, Integer.MAX_VALUE, "How many are kept, the newest; 3.")));
  }

  private static ObjectNode restartStrategy() {
    ObjectNode fixedDelay =
        object(
            named("attempts", integer(0, Integer.MAX_VALUE, "How often in the job's life.")),
            named("delay", duration("Before each start.")));
    fixedDelay.set("required", array("attempts", "delay"));
    ObjectNode backoff =
        object(
            named("initial", duration("First delay.")),
            named("maximum", duration("Largest delay.")),
            named("factor", number("From one delay to the next; 2.")),
            named("quiet", duration("After this long without failure it starts anew; 1h.")));
    backoff.set("required", array("initial", "maximum"));
    ObjectNode rate =
        object(
            named("maxFailures", integer(1, Integer.MAX_VALUE, "In an interval.")),
            named("interval", duration("The interval.")),
            named("delay", duration("Before each start.")));
    rate.set("required", array("maxFailures", "interval", "delay"));
    ObjectNode strategies =
        object(
            named("fixedDelay", fixedDelay),
            named("exponentialBackoff", backoff),
            named("failureRate", rate));
    strategies.put("minProperties", 1);
    strategies.put("maxProperties", 1);
    return either(
        "none, or one of fixedDelay, exponentialBackoff, failureRate with its settings",
        "Whether and when a failed job starts again; none.",
        SchemaParts.words("none"),
        strategies);
  }

  private static ObjectNode errorBreaker() {
    ObjectNode breaker =
        object(
            named("failures", integer(1, Integer.MAX_VALUE, "Most failures within the window.")),
            named("share", number("Most failures for each row read within the window, up to 1.")),
            named("window", duration("The time that is looked at.")),
            named(
                "rows",
                integer(1, Integer.MAX_VALUE, "Rows in the window before the share counts; 1.")));
    breaker.set("required", array("window"));
    breaker.put("description", "When so much fails that the job is suspended; never if absent.");
    return breaker;
  }

  private static ObjectNode errorPolicy(String description) {
    ObjectNode retry =
        object(
            named(
                "attempts",
                integer(1, RetryPolicy.MAX_ATTEMPTS, "How often it is tried again; 1.")),
            named("initial", duration("Delay before the first attempt; 1s.")),
            named("maximum", duration("Largest delay; ten times the first.")),
            named("factor", number("From one delay to the next; 2.")));
    ObjectNode settings =
        object(
            named("retry", retry),
            named(
                "then",
                enumeration(ERROR_ACTIONS, "What happens if it still fails; dead-letter.")));
    settings.set("required", array("retry"));
    return either(
        "fail, skip or dead-letter, or retry with its settings and what happens then",
        description,
        SchemaParts.words(ERROR_ACTIONS.toArray(String[]::new)),
        settings);
  }

  private static ObjectNode topology() {
    ObjectNode topology = JsonNodeFactory.instance.objectNode();
    topology.put("type", "array");
    topology.put("title", "a list of nodes, each with a name");
    topology.set("items", ref("node", "A step."));
    topology.put("minItems", 1);
    return topology;
  }

  private static ObjectNode node() {
    ObjectNode node =
        object(
            named("name", text("State, metrics and dead letters go by it.")),
            named(
                "from",
                SchemaParts.oneOrMore(
                    "Upstream nodes, `name` or `name.port`; the node before if absent.")),
            named("errorPolicy", errorPolicy("For rows that fail here; as the job says.")),
            named("source", ref("source", "Where events come from.")),
            named("filter", expression("Keeps the rows for which it is true.")),
            named(
                "map",
                mapOf(
                    expression("The value."),
                    "fields and the expressions that compute them",
                    "Adds or replaces fields; the others stay.")),
            named("project", project()),
            named(
                "rename",
                mapOf(text("New name."), "old names and new names", "Gives fields new names.")),
            named("unnest", UnnestWords.schema()),
            named("keyBy", SchemaParts.oneOrMore("Brings the rows of a key together, in order.")),
            named("sort", sort()),
            named(
                "route",
                mapOf(
                    expression("Which rows take it."),
                    "ports and the conditions for them",
                    "Each row leaves by the first port whose condition is true for it, or else by"
                        + " the main one.")),
            named("process", ProcessWords.schema()),
            named("union", union()),
            named("window", WindowSchema.window()),
            named("aggregate", aggregate()),
            named("sink", ref("sink", "Where results go.")));
    ObjectNode properties = (ObjectNode) node.get("properties");
    OperatorKinds.ALL.forEach(words -> properties.set(words.word(), words.schema()));
    node.set("required", array("name"));
    ArrayNode kinds = node.putArray("oneOf");
    NODE_KINDS.forEach(kind -> kinds.addObject().set("required", array(kind)));
    return node;
  }

  private static ObjectNode project() {
    ObjectNode fields = mapOf(expression("The value."), "fields and expressions", "Fields.");
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("type", "array");
    list.set(
        "items",
        either(
            "the name of a field, or a new field with its expression",
            "A field.",
            ref("text", "A field that stays as it is."),
            fields.deepCopy()));
    return either(
        "fields with their expressions, or a list of fields",
        "Only these fields, in this order.",
        fields,
        list);
  }

  private static ObjectNode sort() {
    ObjectNode sort =
        object(
            named("key", SchemaParts.oneOrMore("Fields of the key; one order of all if absent.")),
            named(
                "thenBy",
                SchemaParts.oneOrMore(
                    "Decide between rows of the same time: fields, each with ` desc` behind it"
                        + " where larger values come first.")),
            named(
                "maxRows",
                integer(
                    1,
                    Integer.MAX_VALUE,
                    "Rows that a subtask may hold, more fail the job; "
                        + EventTimeSort.DEFAULT_MAX_ROWS
                        + ".")));
    sort.put("description", "Holds rows until the watermark passes them; gives them in its order.");
    sort.set("type", array("object", "null"));
    sort.put("title", "key, thenBy and maxRows, or {} for one order of all rows");
    return sort;
  }

  private static ObjectNode union() {
    ObjectNode union = object();
    union.put("title", "nothing: write union: {} and list the upstream nodes in 'from'");
    union.put("description", "The rows of all upstream nodes.");
    union.set("type", array("object", "null"));
    return union;
  }

  private static ObjectNode aggregate() {
    ObjectNode call = AggregateWords.schema();
    ObjectNode fields =
        mapOf(
            either(
                "count, or one of "
                    + String.join(", ", AggregateWords.BY_WORD.keySet())
                    + " with a field",
                "What is computed.",
                SchemaParts.words("count"),
                call),
            "result fields and what is computed for each",
            "Result fields.");
    fields.put("minProperties", 1);
    ObjectNode aggregate =
        object(
            named("groupBy", SchemaParts.oneOrMore("Fields of the group; one group if absent.")),
            named("fields", fields),
            named(
                LifeWords.TIME_TO_LIVE,
                LifeWords.within("Without a window: a group is forgotten so long after its rows.")),
            named(LifeWords.TIME, LifeWords.time()));
    aggregate.put(
        "description",
        "Aggregates over the rows of a window and a group; without a window over all rows of a"
            + " group, as changes of its result.");
    aggregate.set("required", array("fields"));
    return aggregate;
  }

  private static ObjectNode source() {
    return object(
        named(
            "schema",
            mapOf(
                ref("type", "Its type."), "fields and their types", "The fields, in this order.")),
        named("openSchema", flag("Events may have fields beside those of `schema`; false.")),
        named(
            "primaryKey",
            SchemaParts.oneOrMore(
                "Fields that name a row: each takes the place of the one before with the same"
                    + " key.")),
        named("timestampField", text("The field with the event time.")),
        named(
            "timestampExpression",
            text("In its place: an expression that computes the event time from the fields.")),
        named(
            "time",
            enumeration(
                List.of("event", "ingestion", "processing"),
                "Which time the events carry; event.")),
        named("maxOutOfOrderness", duration("How much later than newer ones events come; 5s.")),
        named("idleTimeout", duration("After which a silent partition steps aside; never.")),
        named(
            "maxFuture",
            either(
                "a duration, or none",
                "How far ahead of the clock timestamps may lie; 1d.",
                SchemaParts.words("none"),
                ref("duration", "The bound."))),
        named(
            "silenceFallback",
            duration(
                "After which event time of a source that gives nothing at all goes on with the"
                    + " clock; never.")),
        named("alignment", alignment()),
        named("loadShedding", loadShedding()),
        named("parallelism", integer(1, JobConfig.MAX_PARALLELISM_LIMIT, "Readers.")));
  }

  private static ObjectNode alignment() {
    ObjectNode alignment =
        object(
            named("group", text("Sources that name it are aligned with each other.")),
            named("maxDrift", duration("How far ahead of the slowest of the group; required.")),
            named("updateInterval", duration("How often readers tell how far they are; 50ms.")));
    alignment.put("description", "Reads no further ahead of other sources than this.");
    alignment.set("required", array("group", "maxDrift"));
    return alignment;
  }

  private static ObjectNode loadShedding() {
    ObjectNode shedding =
        object(
            named(
                "policy",
                enumeration(
                    Arrays.stream(SheddingPolicy.values()).map(SheddingPolicy::word).toList(),
                    "Which rows go.")),
            named(
                "maxRows",
                integer(
                    1,
                    Integer.MAX_VALUE,
                    "Rows that a reader holds while what follows takes none; "
                        + LoadShedding.DEFAULT_MAX_ROWS
                        + ".")),
            named(
                "priorityField",
                text("Of lowest-priority: the number; the priority of the event if absent.")),
            named(
                "seed",
                integer(Integer.MIN_VALUE, Integer.MAX_VALUE, "Of sample: another chance; 0.")));
    shedding.put("description", "Rows are given up where what follows takes too few; never.");
    shedding.set("required", array("policy"));
    return shedding;
  }

  private static ObjectNode sink() {
    return object(named("parallelism", integer(1, JobConfig.MAX_PARALLELISM_LIMIT, "Writers.")));
  }

  /** The sources that can be read to an end. */
  static List<ConnectorDescriptor> ending(List<ConnectorDescriptor> sources) {
    return sources.stream().filter(source -> source.can(Capability.BOUNDED)).toList();
  }

  private static ObjectNode lookup(
      List<ConnectorDescriptor> known, ObjectNode shared, Set<String> words) {
    ObjectNode lookup = connector("lookup", known, shared, words);
    ((ArrayNode) lookup.get("required")).add(LookupWords.SCHEMA);
    return lookup;
  }

  /** The words of all connectors, then per connector its own. */
  private static ObjectNode connector(
      String kind, List<ConnectorDescriptor> known, ObjectNode shared, Set<String> words) {
    ObjectNode names = JsonNodeFactory.instance.objectNode();
    names.put("title", "the name of a " + kind + " connector");
    ArrayNode values = names.putArray("enum");
    ObjectNode schema = shared;
    schema.remove("additionalProperties");
    ((ObjectNode) schema.get("properties")).set("connector", names);
    schema.set("required", array("connector"));
    ArrayNode cases = schema.putArray("allOf");
    for (ConnectorDescriptor descriptor : known) {
      values.add(descriptor.name());
      ObjectNode one = cases.addObject();
      ObjectNode condition = one.putObject("if");
      condition.putObject("properties").putObject("connector").put("const", descriptor.name());
      condition.set("required", array("connector"));
      one.set("then", options(descriptor, words));
    }
    schema.put("unevaluatedProperties", false);
    return schema;
  }

  private static ObjectNode options(ConnectorDescriptor descriptor, Set<String> words) {
    ObjectNode then = JsonNodeFactory.instance.objectNode();
    then.put("description", descriptor.summary());
    ObjectNode properties = then.putObject("properties");
    ArrayNode required = JsonNodeFactory.instance.arrayNode();
    for (OptionSpec option : descriptor.options()) {
      if (option.name().equals(DECLARED_FIELDS) && words.contains(DECLARED_FIELDS)) {
        continue;
      }
      if (words.contains(option.name())) {
        throw new IllegalArgumentException(
            "connector '"
                + descriptor.name()
                + "' has an option '"
                + option.name()
                + "', which is a word of all connectors in job files; name it otherwise");
      }
      properties.set(option.name(), SchemaParts.option(option));
      if (option.presence() == OptionSpec.Presence.REQUIRED) {
        required.add(option.name());
      }
    }
    if (!required.isEmpty()) {
      then.set("required", required);
    }
    return then;
  }
}
