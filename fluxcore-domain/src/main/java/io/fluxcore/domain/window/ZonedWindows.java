package io.fluxcore.domain.window;

import io.fluxcore.domain.event.DataType;
import java.time.ZoneId;

/**
 * Windows that the clocks of a zone cut, as Flink SQL has them: the windows are those of times as
 * the clocks show them. A window of an hour that the clocks skip has no rows; one of an hour that
 * comes twice has the rows of both, and ends with the second; a day has 23 or 25 hours. A session
 * ends where the clocks have gone on by its gap.
 *
 * <p>Results tell the bounds as the clocks show them. Their time is the last instant at which the
 * clocks show less than the end.
 *
 * @param windows of time or sessions, over what clocks show in milliseconds from 1970-01-01T00:00
 * @param zone whose clocks
 */
public record ZonedWindows(WindowSpec windows, ZoneId zone) implements WindowSpec {
  public ZonedWindows {
    boolean isOfLengths =
        windows instanceof PeriodicWindows
            || windows instanceof CumulativeWindows
            || windows instanceof SessionWindows;
    if (!isOfLengths) {
      throw new IllegalArgumentException("a " + windows + " is not cut by the clocks of a zone");
    }
  }

  @Override
  public DataType boundType() {
    return DataType.TIMESTAMP;
  }

  @Override
  public String toString() {
    return windows + " in " + zone;
  }
}
