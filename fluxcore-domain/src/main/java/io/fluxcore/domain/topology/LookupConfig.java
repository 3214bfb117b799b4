package io.fluxcore.domain.topology;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.join.JoinFields;
import io.fluxcore.domain.join.JoinType;
import io.fluxcore.domain.join.Lookup;
import io.fluxcore.domain.join.LookupCache;
import io.fluxcore.domain.join.LookupCalls;
import io.fluxcore.domain.join.LookupJoin;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.time.DurationText;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

  private OutsideFields fields() {
    return new OutsideFields(type, on, schema, leftPrefix, rightPrefix);
  }

  static Builder of(ConnectorSpec connector, @Nullable Lookup instance) {
    return new Builder(connector, instance);
  }

  @Override
  public String describe() {
    return type
        + " lookup in "
        + connector
        + ", "
        + fields().describe()
        + (ordered ? "" : ", in any order")
        + (cache == null ? "" : ", cache " + DurationText.format(cache.timeToLive()));
  }

  @Override
  public List<String> boundParts() {
    return instance == null ? List.of() : List.of("custom lookup");
  }

  @Override
  public void check(NodeFindings findings) {
    fields().check(findings);
    OutsideFields.range(findings, "lookup.inFlight", inFlight, MAX_IN_FLIGHT);
    OutsideFields.range(findings, "lookup.keysPerCall", keysPerCall, MAX_KEYS);
    OutsideFields.length(findings, "lookup.timeout", timeout, LONGEST, false);
    if (cache != null) {
      OutsideFields.range(findings, "lookup.cache.entries", cache.entries(), MAX_ENTRIES);
      OutsideFields.length(findings, "lookup.cache.timeToLive", cache.timeToLive(), null, false);
      OutsideFields.length(
          findings, "lookup.cache.absentTimeToLive", cache.absentTimeToLive(), null, true);
    }
  }

  @Override
  public List<FieldUse> uses(int input, ExpressionContext expressions) {
    return fields().uses();
  }

  @Override
  public @Nullable InputField origin(String port, String field) {
    return fields().origin(field);
  }

  @Override
  public String passedAs(int input, String field) {
    return fields().passedAs(field);
  }

  @Override
  public Map<String, Schema> outputs(
      List<Schema> inputs, NodeFindings findings, ExpressionContext expressions) {
    return fields().outputs(inputs.get(0), findings);
  }

  /** The rows of a key together: each key is asked for by one subtask, which remembers it. */
  @Override
  public List<String> key(int input) {
    return fields().key();
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
    JoinFields joined = fields().joined(rows, outputs.get(0));
    LookupJoin join =
        new LookupJoin(
            type,
            joined,
            fields().key(),
            new LookupCalls(ordered, inFlight, keysPerCall, timeout),
            cache == null
                ? null
                : new LookupCache(cache.entries(), cache.timeToLive(), cache.absentTimeToLive()));
    Lookup lookup = tools.lookups().lookup(this, fields().asked(rows, joined, timeout));
    return new OperatorPlan(
        () -> join.operator(lookup), List.of(join.outputSchema()), /* deterministic= */ false);
  }

  /** Collects settings. Not thread-safe. */
  public static final class Builder extends OutsideBuilder<Builder> {
    private final @Nullable Lookup instance;
    private boolean ordered = true;
    private int inFlight = DEFAULT_IN_FLIGHT;
    private int keysPerCall = DEFAULT_KEYS_PER_CALL;
    private Duration timeout = DEFAULT_TIMEOUT;
    private @Nullable Cache cache;

    private Builder(ConnectorSpec spec, @Nullable Lookup instance) {
      super(spec);
      this.instance = instance;
    }

    @Override
    Builder self() {
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
    @Override
    public Builder withErrorPolicy(ErrorPolicy policy) {
      return super.withErrorPolicy(policy);
    }

    public LookupConfig build() {
      return new LookupConfig(
          connector(),
          instance,
          type,
          on,
          schema(),
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
