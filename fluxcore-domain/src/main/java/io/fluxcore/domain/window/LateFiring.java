package io.fluxcore.domain.window;

/** How often late rows within the allowed lateness make their window fire again. */
public enum LateFiring {
  /** Once for all late rows of a group in a batch. */
  EACH_BATCH,
  /** For every late row. */
  EACH_ROW
}
