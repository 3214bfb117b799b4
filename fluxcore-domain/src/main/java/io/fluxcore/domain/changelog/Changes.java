package io.fluxcore.domain.changelog;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the rows of a stream do to the table that they make. Immutable.
 *
 * @param mode which kinds of rows there are
 * @param key the fields whose values name a row of that table: no two rows of it are equal in them.
 *     Empty where the table has one row; null where nothing of the kind is known. Never null of
 *     {@link Mode#UPSERT}
 */
public record Changes(Mode mode, @Nullable List<String> key) {
  private static final Changes APPENDS = new Changes(Mode.APPEND, null);

  /** Which kinds of rows a stream has. */
  public enum Mode {
    /** Insertions alone. */
    APPEND,
    /**
     * New rows, which replace those of the same key, and deletions, of which nothing but the key
     * need be right. Former rows do not come.
     */
    UPSERT,
    /** Whatever is changed or deleted comes as it was before: retractions are whole rows. */
    RETRACT;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Changes(Mode mode, @Nullable List<String> key) {
    if (mode == Mode.UPSERT && key == null) {
      throw new IllegalArgumentException("an upsert stream has a key");
    }
    this.mode = mode;
    this.key = key == null ? null : List.copyOf(key);
  }

  /** A stream of insertions. */
  public static Changes appends() {
    return APPENDS;
  }

  /** A stream of rows that replace those of the same key. */
  public static Changes upserts(List<String> key) {
    return new Changes(Mode.UPSERT, key);
  }

  /** A stream that takes back, row by row, what it changes. */
  public static Changes retracts(@Nullable List<String> key) {
    return new Changes(Mode.RETRACT, key);
  }

  public boolean isAppend() {
    return mode == Mode.APPEND;
  }

  /** The same rows with another key, or none that is known. */
  public Changes withKey(@Nullable List<String> newKey) {
    return mode == Mode.UPSERT && newKey == null ? this : new Changes(mode, newKey);
  }

  /** The rows of both in one stream: what names a row in one does not name it in both. */
  public Changes and(Changes other) {
    if (isAppend() && other.isAppend()) {
      return APPENDS;
    }
    if (mode == Mode.UPSERT || other.mode == Mode.UPSERT) {
      throw new IllegalArgumentException("upsert streams are normalised before they are united");
    }
    return retracts(null);
  }

  @Override
  public String toString() {
    return mode + (key == null ? "" : " by (" + String.join(", ", key) + ")");
  }
}
