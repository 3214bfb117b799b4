package io.fluxcore.adapters.out.jdbc;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.util.ArrayList;
import java.util.List;

/**
 * A table and what rows become in it: all that is needed to write them later, whatever the sink is
 * configured to by then.
 *
 * @param schema of the database, as it is called there
 * @param table as it is called there
 * @param rows the fields
 * @param columns of the fields, in their order, as they are called there
 * @param keys the columns by which a row replaces another; empty: each is added
 */
record Target(String schema, String table, Schema rows, List<String> columns, List<String> keys) {
  Target {
    columns = List.copyOf(columns);
    keys = List.copyOf(keys);
  }

  /** For statements. */
  String sqlName() {
    return Dialect.quoted(schema) + "." + Dialect.quoted(table);
  }

  /** For people. */
  String name() {
    return schema + "." + table;
  }

  /** Whether a row takes the place of the one of its key, and may be deleted by it. */
  boolean isByKey() {
    return !keys.isEmpty();
  }

  /** Deletes a row by the values of its key, in the order of {@link #keyOrdinals}. */
  String deletion() {
    return Dialect.deletion(sqlName(), keys);
  }

  /** Writes a row. */
  String statement(Dialect dialect) {
    return keys.isEmpty()
        ? Dialect.insert(sqlName(), columns)
        : dialect.upsert(sqlName(), columns, keys);
  }

  /** Ordinals of the fields that are keys. */
  int[] keyOrdinals() {
    return keys.stream().mapToInt(columns::indexOf).toArray();
  }

  List<String> types() {
    return rows.fields().stream().map(field -> field.type().toString()).toList();
  }

  static Schema rows(List<String> fields, List<String> types) {
    List<Field> result = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      result.add(new Field(fields.get(i), DataType.parse(types.get(i))));
    }
    return Schema.of(result);
  }

  /**
   * What a column of the table holds, as far as it is known without asking the database.
   *
   * @param type of {@link java.sql.Types}
   * @param typeName as the database calls it
   * @param size characters or digits; 0 if there is no limit
   * @param isNullable whether it may stay without value
   * @param hasDefault whether the database has a value where none is given
   */
  record ColumnFacts(
      String name, int type, String typeName, int size, boolean isNullable, boolean hasDefault) {}
}
