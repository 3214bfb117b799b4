package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.NestedColumn;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A member of a map, or an element of a list, of a nested value; null where there is none. */
final class AccessEvaluator extends Evaluator {
  private final Evaluator target;
  private final Object key;

  AccessEvaluator(Evaluator target, Object key) {
    super(DataType.NESTED);
    this.target = target;
    this.key = key;
  }

  @Override
  public Column evaluate(Rows rows) {
    NestedColumn column = (NestedColumn) target.evaluate(rows);
    @Nullable Object[] values = new @Nullable Object[rows.rowCount()];
    NullsBuilder nulls = new NullsBuilder(column.nulls(), rows.rowCount());
    for (int i = 0; i < rows.count(); i++) {
      int row = rows.row(i);
      if (!nulls.isSet(row)) {
        Object part = part(column.value(row), key);
        values[row] = part;
        if (part == null) {
          nulls.set(row);
        }
      }
    }
    return new NestedColumn(values.length, values, nulls.bitsOf(rows));
  }

  /** The part of a value; positions count from 1. The keys of maps are texts. */
  static @Nullable Object part(Object value, Object key) {
    if (value instanceof Map<?, ?> map && !(key instanceof String)) {
      return map.get(TextValues.text(key));
    }
    if (key instanceof String name) {
      return value instanceof Map<?, ?> map ? map.get(name) : null;
    }
    return key instanceof Long index
            && value instanceof List<?> list
            && index >= 1
            && index <= list.size()
        ? list.get((int) (index - 1L))
        : null;
  }
}
