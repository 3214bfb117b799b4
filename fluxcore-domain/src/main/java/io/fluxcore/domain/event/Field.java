package io.fluxcore.domain.event;

/**
 * A named, typed column of a {@link Schema}.
 *
 * @param name case-sensitive, not blank
 * @param type its type
 */
public record Field(String name, DataType type) {
  public Field {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a field needs a name");
    }
  }

  @Override
  public String toString() {
    return name + " " + type;
  }
}
