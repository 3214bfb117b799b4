package io.fluxcore.adapters.in.backlog;

import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import java.util.List;

/** The options by which sources that others push into say where events wait for their job. */
public final class BufferOptions {
  private static final String SPOOL = "spool";
  private static final String SPOOL_BYTES = "spoolBytes";
  private static final String SPOOL_SEGMENT_BYTES = "spoolSegmentBytes";
  private static final String BUFFER_BYTES = "bufferBytes";
  private static final String BUFFER_EVENTS = "bufferEvents";

  private BufferOptions() {}

  /**
   * Them.
   *
   * @param inSpool what it is to an event that it is in the spool: {@code they are accepted when
   *     they are on its disk}
   * @param beyond what happens when there is no room: {@code publishers are refused}
   */
  public static List<OptionSpec> specs(String inSpool, String beyond) {
    return List.of(
        OptionSpec.optional(
            SPOOL,
            OptionSpec.Type.PATH,
            null,
            "A directory, of this source alone, in which events are kept until a checkpoint holds"
                + " them: "
                + inSpool
                + ", and read again after a crash. Without it they are in memory only, and the"
                + " guarantee is at most once."),
        OptionSpec.optional(
            SPOOL_BYTES,
            OptionSpec.Type.SIZE,
            "1gb",
            "Spool: what its files may have together; " + beyond + " beyond."),
        OptionSpec.optional(
            SPOOL_SEGMENT_BYTES,
            OptionSpec.Type.SIZE,
            "16mb",
            "Spool: size of one file; files are deleted as a whole; 4kb to 1gb."),
        OptionSpec.optional(
            BUFFER_BYTES,
            OptionSpec.Type.SIZE,
            "16mb",
            "Without a spool: bytes of events that wait for the job; " + beyond + " beyond."),
        OptionSpec.optional(
            BUFFER_EVENTS,
            OptionSpec.Type.LONG,
            "100000",
            "Without a spool: events that wait for the job."));
  }

  /** What they ask for; problems are told if they do not fit together. */
  public static BufferSettings settings(ConnectorOptions options, OptionProblems problems) {
    problems.range(BUFFER_BYTES, options.size(BUFFER_BYTES), 1 << 10, 1L << 40);
    problems.range(BUFFER_EVENTS, options.integer(BUFFER_EVENTS), 1, Integer.MAX_VALUE);
    problems.range(SPOOL_SEGMENT_BYTES, options.size(SPOOL_SEGMENT_BYTES), 4 << 10, 1L << 30);
    long spoolBytes = options.size(SPOOL_BYTES);
    if (options.has(SPOOL) && spoolBytes < 2 * options.size(SPOOL_SEGMENT_BYTES)) {
      problems.add(
          SPOOL_BYTES,
          spoolBytes + " bytes are less than two files of spoolSegmentBytes",
          "give more, or smaller files");
    }
    return new BufferSettings(
        options.has(SPOOL) ? options.path(SPOOL) : null,
        spoolBytes,
        options.size(SPOOL_SEGMENT_BYTES),
        options.size(BUFFER_BYTES),
        options.integer(BUFFER_EVENTS));
  }

  /**
   * The same where an event that is taken must have room: one that never has would end the source.
   *
   * @param option that bounds an event
   * @param eventBytes that it may have
   */
  public static BufferSettings settings(
      ConnectorOptions options, String option, long eventBytes, OptionProblems problems) {
    BufferSettings settings = settings(options, problems);
    if (!settings.hasRoomFor(eventBytes)) {
      problems.add(
          option,
          eventBytes + " bytes are more than half of what waits for the job at most",
          "give less, or a larger " + (settings.isDurable() ? SPOOL_BYTES : BUFFER_BYTES));
    }
    return settings;
  }
}
