package io.fluxcore.domain.event;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a stream, in order. A <em>closed</em> schema has exactly its fields. An
 * <em>open</em> one (JSON without declaration) may have more: the planner closes it over the fields
 * that the topology uses, with the type that the first use demands; opaque lambdas read the rest
 * from {@link EventBatch#rawRecords()}. Immutable.
 */
public final class Schema {
  private final List<Field> fields;
  private final boolean open;
  private final Map<String, Integer> ordinals;

  private Schema(List<Field> fields, boolean open) {
    this.fields = List.copyOf(fields);
    this.open = open;
    Map<String, Integer> byName = new HashMap<>();
    for (int i = 0; i < this.fields.size(); i++) {
      String name = this.fields.get(i).name();
      if (byName.put(name, i) != null) {
        throw new IllegalArgumentException("field '" + name + "' is declared twice");
      }
    }
    this.ordinals = byName;
  }

  /** A closed schema. Field names must differ. */
  public static Schema of(Field... fields) {
    return new Schema(List.of(fields), false);
  }

  /** A closed schema. Field names must differ. */
  public static Schema of(List<Field> fields) {
    return new Schema(fields, false);
  }

  /** An open schema in which these fields are declared. */
  public static Schema open(Field... declared) {
    return new Schema(List.of(declared), true);
  }

  public static Builder builder() {
    return new Builder();
  }

  public boolean isOpen() {
    return open;
  }

  /** The same fields, closed. */
  public Schema closed() {
    return open ? new Schema(fields, false) : this;
  }

  /** The same fields, open. */
  public Schema opened() {
    return open ? this : new Schema(fields, true);
  }

  public List<Field> fields() {
    return fields;
  }

  public int size() {
    return fields.size();
  }

  public Field field(int ordinal) {
    return fields.get(ordinal);
  }

  public DataType type(int ordinal) {
    return fields.get(ordinal).type();
  }

  /** The field of this name, or null. */
  public @Nullable Field find(String name) {
    Integer ordinal = ordinals.get(name);
    return ordinal == null ? null : fields.get(ordinal);
  }

  /** Position of the field of this name, or -1. */
  public int indexOf(String name) {
    Integer ordinal = ordinals.get(name);
    return ordinal == null ? -1 : ordinal;
  }

  /**
   * Position of the field of this name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the fields
   */
  public int ordinal(String name) {
    int ordinal = indexOf(name);
    if (ordinal < 0) {
      throw new IllegalArgumentException(
          "there is no field '" + name + "'; fields are " + fieldNames());
    }
    return ordinal;
  }

  public List<String> fieldNames() {
    return fields.stream().map(Field::name).toList();
  }

  /** The same schema with one more field. */
  public Schema with(Field field) {
    List<Field> more = new ArrayList<>(fields);
    more.add(field);
    return new Schema(more, open);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Schema s && open == s.open && fields.equals(s.fields);
  }

  @Override
  public int hashCode() {
    return Objects.hash(fields, open);
  }

  @Override
  public String toString() {
    return fields.stream().map(Field::toString).collect(Collectors.joining(", ", "(", ""))
        + (open ? (fields.isEmpty() ? "…)" : ", …)") : ")");
  }

  /** Collects fields. Not thread-safe. */
  public static final class Builder {
    private final List<Field> fields = new ArrayList<>();
    private boolean open;

    private Builder() {}

    public Builder field(String name, DataType type) {
      fields.add(new Field(name, type));
      return this;
    }

    public Builder open() {
      open = true;
      return this;
    }

    public Schema build() {
      return new Schema(fields, open);
    }
  }
}
