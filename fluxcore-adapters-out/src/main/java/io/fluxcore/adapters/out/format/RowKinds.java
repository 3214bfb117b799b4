package io.fluxcore.adapters.out.format;

import java.util.List;
import java.util.Locale;

/** Whether encoded rows say their {@link io.fluxcore.domain.event.RowKind}. */
public enum RowKinds {
  /** Rows that are not insertions say it; CSV, which has no place for it, refuses them. */
  AUTO,
  /** Every row says it. */
  ALWAYS,
  /** No row says it, and rows that are not insertions are refused. */
  NEVER;

  /** The name of the JSON member and CSV column that holds the kind. */
  public static final String FIELD = "$op";

  /** As options write them. */
  public static List<String> names() {
    return List.of("auto", "always", "never");
  }

  public static RowKinds parse(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }
}
