package io.fluxcore.domain.window;

/** What a window emits when it fires again: for late rows within the allowed lateness. */
public enum Accumulation {
  /** The result over all rows so far; consumers overwrite. */
  ACCUMULATING,
  /** The result over the rows since the last firing; consumers add up. */
  DISCARDING,
  /** The former result as update-before, then the new one as update-after. */
  RETRACTING
}
