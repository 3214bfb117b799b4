package io.fluxcore.domain.topology;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.join.JoinType;
import io.fluxcore.domain.operator.ErrorPolicy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Collects what joins with tables outside have in common. Not thread-safe.
 *
 * @param <B> the builder itself
 */
public abstract sealed class OutsideBuilder<B extends OutsideBuilder<B>>
    permits LookupConfig.Builder, FullLookupConfig.Builder {
  final Map<String, String> on = new LinkedHashMap<>();
  JoinType type = JoinType.INNER;
  String leftPrefix = "";
  String rightPrefix = JoinConfig.RIGHT_PREFIX;
  @Nullable ErrorPolicy errors;
  private final String connector;
  private final Map<String, Object> options;
  private final Schema.Builder schema = Schema.builder();

  OutsideBuilder(ConnectorSpec spec) {
    this.connector = spec.name();
    this.options = new LinkedHashMap<>(spec.options());
  }

  abstract B self();

  ConnectorSpec connector() {
    return new ConnectorSpec(connector, options);
  }

  Schema schema() {
    return schema.build();
  }

  /** Sets an option of the connector. */
  public B with(String option, Object value) {
    options.put(Objects.requireNonNull(option), Objects.requireNonNull(value, option));
    return self();
  }

  /** Inner unless said otherwise; or left. */
  public B withType(JoinType which) {
    this.type = Objects.requireNonNull(which);
    return self();
  }

  /** A field of the row that equals one of the table; once for each. */
  public B withOn(String field, String ofTable) {
    on.put(field, ofTable);
    return self();
  }

  /** A field that has the same name in the table; once for each. */
  public B withOn(String field) {
    return withOn(field, field);
  }

  /** A field that is wanted of the table; once for each. */
  public B withField(String name, DataType fieldType) {
    schema.field(name, fieldType);
    return self();
  }

  /** Before the names of the row's fields; none unless said otherwise. */
  public B withLeftPrefix(String prefix) {
    this.leftPrefix = Objects.requireNonNull(prefix);
    return self();
  }

  /** Before the names of the table's fields. */
  public B withRightPrefix(String prefix) {
    this.rightPrefix = Objects.requireNonNull(prefix);
    return self();
  }

  /** What happens to rows that cannot be joined. */
  public B withErrorPolicy(ErrorPolicy policy) {
    this.errors = Objects.requireNonNull(policy);
    return self();
  }
}
