package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is asked of a table outside.
 *
 * @param key fields by which rows are looked up, under the names that the table has for them
 * @param fields that are wanted of its rows, under the names that the table has for them
 * @param timeout of a call: nobody waits longer for its answer
 */
public record LookupTable(Schema key, Schema fields, Duration timeout) {
  /** The fields of whole rows: those of the key, and behind them the others that are wanted. */
  public Schema rows() {
    List<Field> all = new ArrayList<>(key.fields());
    fields.fields().stream().filter(field -> key.find(field.name()) == null).forEach(all::add);
    return Schema.of(all);
  }
}
