package io.fluxcore.domain.topology;

import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.sort.EventTimeSort;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the settings of a sort. Not thread-safe. */
public final class SortBuilder {
  private List<String> key = List.of();
  private final List<SortField> thenBy = new ArrayList<>();
  private long maxRows = EventTimeSort.DEFAULT_MAX_ROWS;
  private @Nullable ErrorPolicy errors;

  SortBuilder() {}

  /** The rows of each value of these fields are put in order by themselves, in parallel. */
  public SortBuilder withKey(String... fields) {
    this.key = List.of(fields);
    return this;
  }

  /** Of rows of the same time those with smaller values come first; nulls are the smallest. */
  public SortBuilder thenBy(String field) {
    thenBy.add(SortField.ascending(field));
    return this;
  }

  /** Rows of the same time are put in the order of this field. */
  public SortBuilder thenBy(SortField field) {
    thenBy.add(field);
    return this;
  }

  /** Of rows of the same time those with larger values come first. */
  public SortBuilder thenByDescending(String field) {
    thenBy.add(SortField.descending(field));
    return this;
  }

  /** Rows that a subtask may hold; more fail the job. */
  public SortBuilder withMaxRows(long rows) {
    this.maxRows = rows;
    return this;
  }

  /** What happens to rows without a usable time. */
  public SortBuilder withErrorPolicy(ErrorPolicy policy) {
    this.errors = policy;
    return this;
  }

  public TransformConfig.Sort build() {
    return new TransformConfig.Sort(key, thenBy, maxRows, errors);
  }
}
