package io.fluxcore.application.connector;

import io.fluxcore.domain.event.EventBatch;
import java.util.List;

/** What {@link SourceReader#poll} found. */
public sealed interface Poll {
  /**
   * Rows of one split.
   *
   * @param split its id
   * @param batch of the schema that was asked for; may be empty when all records were bad
   * @param end where reading goes on after these rows and bad records
   * @param bad records that could not be decoded
   * @param filtered records that the reader kept out by the filter it was given
   */
  record Rows(String split, EventBatch batch, SplitPosition end, List<BadRecord> bad, int filtered)
      implements Poll {
    public Rows(String split, EventBatch batch, SplitPosition end) {
      this(split, batch, end, List.of(), 0);
    }
  }

  /** Nothing now; more may come. */
  record Nothing() implements Poll {
    public static final Nothing INSTANCE = new Nothing();
  }

  /**
   * A split has ended for good.
   *
   * @param split its id
   */
  record EndOfSplit(String split) implements Poll {}
}
