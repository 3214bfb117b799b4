package io.fluxcore.application.view;

import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.row.RowCodec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the rows of a view look like, and what names them. Immutable. */
final class ViewLayout {
  private final Schema schema;
  private final List<String> key;
  private final @Nullable Schema keySchema;
  private final RowCodec codec;

  /**
   * A layout.
   *
   * @param key null: nothing names a row; empty: there is one row at most
   */
  ViewLayout(Schema schema, @Nullable List<String> key) {
    this.schema = schema;
    this.key = key == null ? List.of() : List.copyOf(key);
    this.codec = new RowCodec(schema);
    if (key == null) {
      keySchema = null;
    } else {
      List<Field> fields = new ArrayList<>();
      for (String name : key) {
        fields.add(schema.field(schema.ordinal(name)));
      }
      keySchema = Schema.of(fields);
    }
  }

  Schema schema() {
    return schema;
  }

  List<String> key() {
    return key;
  }

  /** Of the fields that name a row; null where nothing does. */
  @Nullable Schema keySchema() {
    return keySchema;
  }

  RowCodec codec() {
    return codec;
  }

  /** The same for equal layouts; stands in snapshots. */
  String signature() {
    return schema + (keySchema == null ? " without a key" : " by " + key);
  }
}
