package io.fluxcore.domain.topology;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.join.JoinFields;
import io.fluxcore.domain.join.JoinType;
import io.fluxcore.domain.join.Lookup;
import io.fluxcore.domain.join.LookupCache;
import io.fluxcore.domain.join.LookupCalls;
import io.fluxcore.domain.join.LookupJoin;
import io.fluxcore.domain.join.LookupTable;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.time.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Joins each row with the rows that a table outside has for its key when it is asked: of a
 * database, a key-value store or a service. The fields of a result are those of the row, and those
 * of the table, whose names begin with the right prefix. Rows wait for answers without keeping
 * others, and leave in their order unless said otherwise.
 *
 * <p>It takes rows of their own only: of rows that take back former ones it cannot be told what
 * those found.
 *
 * @param connector where the table is
 * @param instance a lookup that the application makes itself, or null
 * @param type inner or left
 * @param on fields of the row, and the fields of the table that they equal
 * @param schema the fields that are wanted of the table; null: none was declared
 * @param leftPrefix before the names of the row's fields
 * @param rightPrefix before the names of the table's fields
 * @param ordered whether results leave in the order of the rows, or as soon as they are known
 * @param inFlight calls of a subtask that are under way at once, at most
 * @param keysPerCall keys that one call asks for at most, where the connector can ask for several
 * @param timeout of a call
 * @param cache what is remembered of answers, or null: nothing
 * @param errors what happens to rows that get no answer, after how many attempts
 */
public record LookupConfig(
    ConnectorSpec connector,
    @Nullable Lookup instance,
    JoinType type,
    Map<String, String> on,
    @Nullable Schema schema,
    String leftPrefix,
    String rightPrefix,
    boolean ordered,
    int inFlight,
    int keysPerCall,
    Duration timeout,
    @Nullable Cache cache,
    @Nullable ErrorPolicy errors)
    implements JoinNode {
  /** Calls of a subtask that are under way at once, unless said otherwise. */
  public static final int DEFAULT_IN_FLIGHT = 8;

  /** Keys of one call, unless said otherwise. */
  public static final int DEFAULT_KEYS_PER_CALL = 256;

  /** How long a call may take, unless said otherwise. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  /** Keys that a subtask remembers, unless said otherwise. */
  public static final int DEFAULT_ENTRIES = 10_000;

  private static final int MAX_IN_FLIGHT = 1_000;
  private static final int MAX_KEYS = 10_000;
  private static final int MAX_ENTRIES = 100_000_000;
  private static final Duration LONGEST = Duration.ofDays(1);

  public LookupConfig {
    on = Collections.unmodifiableMap(new LinkedHashMap<>(on));
  }

  /**
   * What is remembered of answers, by each subtask.
   *
   * @param entries keys at most; those that were not asked for longest go first
   * @param timeToLive how long the rows of a key count
   * @param absentTimeToLive how long it counts that a key has none; zero: not at all
   */
  public record Cache(int entries, Duration timeToLive, Duration absentTimeToLive) {}

  static Builder of(ConnectorSpec connector, @Nullable Lookup instance) {
    return new Builder(connector, instance);
  }

  @Override
  public String describe() {
    List<String> equal = new ArrayList<>();
    on.forEach((left, right) -> equal.add(left + " = " + right));
    return type
        + " lookup in "
        + connector
        + ", on "
        + String.join(", ", equal)
        + (schema == null ? "" : ", gets " + String.join(", ", schema.fieldNames()))
        + (ordered ? "" : ", in any order")
        + (cache == null ? "" : ", cache " + DurationText.format(cache.timeToLive()));
  }

  @Override
  public List<String> boundParts() {
    return instance == null ? List.of() : List.of("custom lookup");
  }

  @Override
  public void check(NodeFindings findings) {
    if (on.isEmpty()) {
      findings.missing("on", "the fields that are equal: of the row, and of the table");
    }
    if (schema == null || schema.fields().isEmpty() || schema.isOpen()) {
      findings.missing("schema", "the fields that are wanted of the table, with their types");
    }
    if (leftPrefix.equals(rightPrefix)) {
      findings.error(
          "FLX-TOPO-0060",
          "rightPrefix",
          "the names of the row's and the table's fields begin with '" + rightPrefix + "'",
          "give prefixes that differ, such as " + JoinConfig.RIGHT_PREFIX);
    }
    if (type != JoinType.INNER && type != JoinType.LEFT) {
      findings.error(
          "FLX-TOPO-0061",
          "type",
          "a lookup join cannot be " + type + ": not all rows of the table are known",
          "use inner or left, or read the table as a stream of changes and join that");
    }
    range(findings, "inFlight", inFlight, MAX_IN_FLIGHT);
    range(findings, "keysPerCall", keysPerCall, MAX_KEYS);
    length(findings, "timeout", timeout, LONGEST, false);
    if (cache != null) {
      range(findings, "cache.entries", cache.entries(), MAX_ENTRIES);
      length(findings, "cache.timeToLive", cache.timeToLive(), null, false);
      length(findings, "cache.absentTimeToLive", cache.absentTimeToLive(), null, true);
    }
  }

  private static void range(NodeFindings findings, String option, int value, int most) {
    if (value < 1 || value > most) {
      findings.error(
          "FLX-TOPO-0098",
          "lookup." + option,
          option + " is " + value,
          "give a value from 1 to " + most);
    }
  }

  private static void length(
      NodeFindings findings,
      String option,
      Duration length,
      @Nullable Duration longest,
      boolean mayBeZero) {
    if (length.isNegative()
        || (length.toMillis() == 0 && !(mayBeZero && length.isZero()))
        || (longest != null && length.compareTo(longest) > 0)) {
      findings.error(
          "FLX-TOPO-0067",
          "lookup." + option,
          option + " is " + length,
          mayBeZero
              ? "give zero or a positive duration"
              : "give at least a millisecond" + (longest == null ? "" : ", and a day at most"));
    }
  }

  @Override
  public List<FieldUse> uses(int input, ExpressionContext expressions) {
    return on.keySet().stream().map(field -> FieldUse.of(field, DataType.STRING)).toList();
  }

  private boolean isOfTable(String field) {
    return field.startsWith(rightPrefix)
        && (rightPrefix.length() > leftPrefix.length() || !field.startsWith(leftPrefix));
  }

  @Override
  public @Nullable InputField origin(String port, String field) {
    return isOfTable(field)
        ? null
        : new InputField(
            0, field.startsWith(leftPrefix) ? field.substring(leftPrefix.length()) : field);
  }

  @Override
  public String passedAs(int input, String field) {
    return leftPrefix + field;
  }

  @Override
  public Map<String, Schema> outputs(
      List<Schema> inputs, NodeFindings findings, ExpressionContext expressions) {
    Schema rows = inputs.get(0);
    Schema table = schema;
    if (table == null || !areKeysSound(rows, table, findings)) {
      return Map.of();
    }
    List<Field> fields = new ArrayList<>();
    rows.fields().forEach(f -> fields.add(new Field(leftPrefix + f.name(), f.type())));
    table.fields().forEach(f -> fields.add(new Field(rightPrefix + f.name(), f.type())));
    Set<String> names = new HashSet<>();
    for (Field field : fields) {
      if (!names.add(field.name())) {
        findings.error(
            "FLX-TOPO-0068",
            "rightPrefix",
            "two fields of its results would be named '" + field.name() + "'",
            "give another leftPrefix or rightPrefix, or rename the field before");
        return Map.of();
      }
    }
    return Map.of(MAIN_PORT, Schema.of(fields));
  }

  /** Keys have a type, and that of the table's field where it is declared. */
  private boolean areKeysSound(Schema rows, Schema table, NodeFindings findings) {
    boolean sound = findings.key("on", List.copyOf(on.keySet()), rows);
    sound &= findings.distinct("on", List.copyOf(on.values()));
    if (!sound) {
      return false;
    }
    for (Map.Entry<String, String> pair : on.entrySet()) {
      DataType ofRow = rows.type(rows.ordinal(pair.getKey()));
      int declared = table.indexOf(pair.getValue());
      if (declared >= 0 && !table.type(declared).equals(ofRow)) {
        findings.error(
            "FLX-TOPO-0069",
            "on",
            "'"
                + pair.getKey()
                + "' is "
                + ofRow
                + " and '"
                + pair.getValue()
                + "' of the table is "
                + table.type(declared),
            "cast the row's field before, by a map");
        sound = false;
      }
    }
    return sound;
  }

  /** The rows of a key together: each key is asked for by one subtask, which remembers it. */
  @Override
  public List<String> key(int input) {
    return List.copyOf(on.keySet());
  }

  /** A lookup of the application is not told what is wanted: it gives what was declared. */
  @Override
  public boolean savesUnreadFields() {
    return instance == null;
  }

  @Override
  public boolean needsEventTime() {
    return false;
  }

  @Override
  public OperatorPlan plan(
      List<Schema> inputs, List<Changes> changes, List<Schema> outputs, OperatorTools tools) {
    Schema rows = inputs.get(0);
    Schema table = Objects.requireNonNull(schema);
    JoinFields fields = fields(rows, table, outputs.get(0));
    LookupJoin join =
        new LookupJoin(
            type,
            fields,
            List.copyOf(on.keySet()),
            new LookupCalls(ordered, inFlight, keysPerCall, timeout),
            cache == null
                ? null
                : new LookupCache(cache.entries(), cache.timeToLive(), cache.absentTimeToLive()));
    List<Field> key = new ArrayList<>();
    on.forEach((field, name) -> key.add(new Field(name, rows.type(rows.ordinal(field)))));
    LookupTable asked = new LookupTable(Schema.of(key), LookupJoin.asked(fields), timeout);
    Lookup lookup = tools.lookups().lookup(this, asked);
    return new OperatorPlan(
        () -> join.operator(lookup), List.of(join.outputSchema()), /* deterministic= */ false);
  }

  private JoinFields fields(Schema rows, Schema table, Schema output) {
    List<JoinFields.Joined> joined = new ArrayList<>();
    for (Field field : output.fields()) {
      boolean isOfTable = isOfTable(field.name());
      String name = field.name().substring((isOfTable ? rightPrefix : leftPrefix).length());
      joined.add(
          new JoinFields.Joined(
              isOfTable ? JoinType.RIGHT_INPUT : JoinType.LEFT_INPUT,
              (isOfTable ? table : rows).ordinal(name),
              field.name()));
    }
    return new JoinFields(rows, table, joined, joined.size());
  }

  /** Collects settings. Not thread-safe. */
  public static final class Builder {
    private final String connector;
    private final Map<String, Object> options;
    private final @Nullable Lookup instance;
    private final Map<String, String> on = new LinkedHashMap<>();
    private final Schema.Builder schema = Schema.builder();
    private JoinType type = JoinType.INNER;
    private String leftPrefix = "";
    private String rightPrefix = JoinConfig.RIGHT_PREFIX;
    private boolean ordered = true;
    private int inFlight = DEFAULT_IN_FLIGHT;
    private int keysPerCall = DEFAULT_KEYS_PER_CALL;
    private Duration timeout = DEFAULT_TIMEOUT;
    private @Nullable Cache cache;
    private @Nullable ErrorPolicy errors;

    private Builder(ConnectorSpec spec, @Nullable Lookup instance) {
      this.connector = spec.name();
      this.options = new LinkedHashMap<>(spec.options());
      this.instance = instance;
    }

    /** Sets an option of the connector. */
    public Builder with(String option, Object value) {
      options.put(Objects.requireNonNull(option), Objects.requireNonNull(value, option));
      return this;
    }

    /** Inner unless said otherwise; or left. */
    public Builder withType(JoinType which) {
      this.type = Objects.requireNonNull(which);
      return this;
    }

    /** A field of the row that equals one of the table; once for each. */
    public Builder withOn(String field, String ofTable) {
      on.put(field, ofTable);
      return this;
    }

    /** A field that has the same name in the table; once for each. */
    public Builder withOn(String field) {
      return withOn(field, field);
    }

    /** A field that is wanted of the table; once for each. */
    public Builder withField(String name, DataType fieldType) {
      schema.field(name, fieldType);
      return this;
    }

    /** Before the names of the row's fields; none unless said otherwise. */
    public Builder withLeftPrefix(String prefix) {
      this.leftPrefix = Objects.requireNonNull(prefix);
      return this;
    }

    /** Before the names of the table's fields. */
    public Builder withRightPrefix(String prefix) {
      this.rightPrefix = Objects.requireNonNull(prefix);
      return this;
    }

    /** Results leave as soon as they are known, and not in the order of their rows. */
    public Builder inAnyOrder() {
      this.ordered = false;
      return this;
    }

    /** Calls of a subtask that are under way at once, at most. */
    public Builder withInFlight(int calls) {
      this.inFlight = calls;
      return this;
    }

    /** Keys that one call asks for at most, where the connector can ask for several. */
    public Builder withKeysPerCall(int keys) {
      this.keysPerCall = keys;
      return this;
    }

    /** How long a call may take. */
    public Builder withTimeout(Duration limit) {
      this.timeout = Objects.requireNonNull(limit);
      return this;
    }

    /** Remembers answers for so long, those that there is nothing as well. */
    public Builder withCache(int entries, Duration timeToLive) {
      return withCache(entries, timeToLive, timeToLive);
    }

    /** Remembers answers for so long, and for another time that there is nothing. */
    public Builder withCache(int entries, Duration timeToLive, Duration absentTimeToLive) {
      this.cache =
          new Cache(
              entries,
              Objects.requireNonNull(timeToLive),
              Objects.requireNonNull(absentTimeToLive));
      return this;
    }

    /** How often a call is tried again, and what happens to rows that get no answer. */
    public Builder withErrorPolicy(ErrorPolicy policy) {
      this.errors = Objects.requireNonNull(policy);
      return this;
    }

    public LookupConfig build() {
      return new LookupConfig(
          new ConnectorSpec(connector, options),
          instance,
          type,
          on,
          schema.build(),
          leftPrefix,
          rightPrefix,
          ordered,
          inFlight,
          keysPerCall,
          timeout,
          cache,
          errors);
    }
  }
}
