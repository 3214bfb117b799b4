package io.fluxcore.application;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What becomes of the state of a snapshot in a topology, operator by operator.
 *
 * @param rows by the names of operators
 */
public record StateMapping(List<Row> rows) {
  public StateMapping {
    rows = List.copyOf(rows);
  }

  /** What becomes of it. */
  public enum Fate {
    /** Taken over as it is. */
    KEPT,
    /** Taken over, by a serializer of another version than the one that wrote it. */
    MIGRATED,
    /** There is none: the operator starts empty. */
    NEW,
    /** The topology has no such operator or state: it is lost. */
    DROPPED,
    /** It cannot be read as what the operator has now. */
    INCOMPATIBLE
  }

  /**
   * An operator.
   *
   * @param why in a few words; empty where there is nothing to say
   */
  public record Row(String operatorId, Fate fate, String why) {}

  /** The rows of these fates. */
  public List<Row> of(Fate fate) {
    return rows.stream().filter(row -> row.fate() == fate).toList();
  }

  /** A line for each operator. */
  @Override
  public String toString() {
    return rows.stream()
        .map(
            row ->
                row.operatorId()
                    + ": "
                    + row.fate().name().toLowerCase(java.util.Locale.ROOT)
                    + (row.why().isEmpty() ? "" : " (" + row.why() + ")"))
        .collect(Collectors.joining("\n"));
  }
}
