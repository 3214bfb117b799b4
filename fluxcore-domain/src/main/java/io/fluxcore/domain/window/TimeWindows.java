package io.fluxcore.domain.window;

/**
 * Windows over a time axis in milliseconds. A window is known by its end, which no other window of
 * the same kind has.
 *
 * <p>Each window is a union of <em>slices</em>: the time between two neighbouring window edges.
 * Rows are aggregated once per slice, whatever the number of windows it is in (Krishnamurthy et
 * al., 2006; Carbone et al., 2016). Slices are known by their starts, and lie side by side without
 * gaps; one that is in no window is a gap itself.
 *
 * <p>All functions are defined for times within ±{@link WindowSpec#MAX_TIME}, negative ones too.
 */
public sealed interface TimeWindows extends WindowSpec
    permits PeriodicWindows, CumulativeWindows, CalendarWindows {

  /** Whether each slice is a window. */
  boolean isTumbling();

  /** Start of the slice that holds a time. */
  long sliceStart(long time);

  /** End of the slice that starts there, exclusive. */
  long sliceEnd(long sliceStart);

  /** Whether a slice lies between two windows. */
  boolean isGap(long sliceStart);

  /** End of the first window that holds a slice which is not a gap. */
  long firstEnd(long sliceStart);

  /** End of the last window that holds a slice which is not a gap. */
  long lastEnd(long sliceStart);

  /**
   * End of the window after this one. From {@link #firstEnd} to {@link #lastEnd} of a slice it goes
   * through the windows of the slice.
   */
  long nextEnd(long end);

  /** Start of the window that ends there. */
  long start(long end);
}
