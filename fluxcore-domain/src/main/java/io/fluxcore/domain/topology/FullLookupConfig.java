package io.fluxcore.domain.topology;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.join.FullLookupJoin;
import io.fluxcore.domain.join.JoinFields;
import io.fluxcore.domain.join.JoinType;
import io.fluxcore.domain.join.LookupTable;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.time.DurationText;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Joins each row with the rows of its key in a table outside that is held in memory as a whole,
 * once in a process: what a source gives from its beginning to its end, such as a file. Rows stay
 * on their subtask, wait for nothing, and there is no state. The table is read before the first
 * row, and again as often as is said; rows that come meanwhile find what was read before.
 *
 * <p>It takes rows of their own only: of rows that take back former ones it cannot be told what
 * those found.
 *
 * @param connector of the source that the table is read by
 * @param type inner or left
 * @param on fields of the row, and the fields of the table that they equal
 * @param schema the fields that are wanted of the table; null: none was declared
 * @param leftPrefix before the names of the row's fields
 * @param rightPrefix before the names of the table's fields
 * @param mostRows that the table may have; with more the job fails
 * @param reload how long after it was read the table is read again, or null: never
 * @param errors what happens to rows that cannot be joined
 */
public record FullLookupConfig(
    ConnectorSpec connector,
    JoinType type,
    Map<String, String> on,
    @Nullable Schema schema,
    String leftPrefix,
    String rightPrefix,
    int mostRows,
    @Nullable Duration reload,
    @Nullable ErrorPolicy errors)
    implements JoinNode {
  /** Rows that the table may have, unless said otherwise. */
  public static final int DEFAULT_MOST_ROWS = 1_000_000;

  private static final int MAX_MOST_ROWS = 100_000_000;

  public FullLookupConfig {
    on = Collections.unmodifiableMap(new LinkedHashMap<>(on));
  }

  static Builder of(String connector) {
    return new Builder(new ConnectorSpec(connector, Map.of()));
  }

  private OutsideFields fields() {
    return new OutsideFields(type, on, schema, leftPrefix, rightPrefix);
  }

  @Override
  public String describe() {
    return type
        + " lookup in "
        + connector
        + ", which is held in memory"
        + (reload == null ? "" : " for " + DurationText.format(reload))
        + ", "
        + fields().describe();
  }

  @Override
  public void check(NodeFindings findings) {
    fields().check(findings);
    OutsideFields.range(findings, "fullLookup.mostRows", mostRows, MAX_MOST_ROWS);
    if (reload != null) {
      OutsideFields.length(findings, "fullLookup.reload", reload, null, false);
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

  @Override
  public List<String> key(int input) {
    return fields().key();
  }

  @Override
  public boolean isStateless() {
    return true;
  }

  @Override
  public boolean savesUnreadFields() {
    return true;
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
    FullLookupJoin join = new FullLookupJoin(type, joined, fields().key(), mostRows, reload);
    LookupTable asked = fields().asked(rows, joined, FullLookupJoin.LONGEST_READING);
    return new OperatorPlan(
        join.operators(tools.lookups().wholeTable(this, asked), asked),
        List.of(join.outputSchema()),
        /* deterministic= */ false);
  }

  /** Collects settings. Not thread-safe. */
  public static final class Builder extends OutsideBuilder<Builder> {
    private int mostRows = DEFAULT_MOST_ROWS;
    private @Nullable Duration reload;

    private Builder(ConnectorSpec spec) {
      super(spec);
    }

    @Override
    Builder self() {
      return this;
    }

    /** Rows that the table may have; with more the job fails. */
    public Builder withMostRows(int rows) {
      this.mostRows = rows;
      return this;
    }

    /** How long after it was read the table is read again; never unless it is said. */
    public Builder withReload(Duration interval) {
      this.reload = interval;
      return this;
    }

    public FullLookupConfig build() {
      return new FullLookupConfig(
          connector(), type, on, schema(), leftPrefix, rightPrefix, mostRows, reload, errors);
    }
  }
}
