package io.fluxcore.adapters.in.backlog;

import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options by which sources of brokers say when messages are acknowledged. */
public final class BacklogOptions {
  private static final String ACKNOWLEDGE = "acknowledge";
  private static final String CHECKPOINT = "checkpoint";
  private static final String SPOOL = "spool";
  private static final String SPOOL_BYTES = "spoolBytes";
  private static final String SPOOL_SEGMENT_BYTES = "spoolSegmentBytes";
  private static final String WINDOW = "deduplicationWindow";
  private static final long MAX_WINDOW = 1_000_000;

  private static final List<OptionSpec> SPECS =
      List.of(
          OptionSpec.oneOf(
              ACKNOWLEDGE,
              List.of(SPOOL, CHECKPOINT),
              SPOOL,
              "When a message is acknowledged: as soon as it is in the `spool`, on the local disk,"
                  + " or with the `checkpoint` that holds what came of it, which allows only so many"
                  + " messages between two checkpoints as the broker gives without"
                  + " acknowledgement."),
          OptionSpec.optional(
              SPOOL,
              OptionSpec.Type.PATH,
              null,
              "Spool: the directory, of this source alone, in which messages are kept until a"
                  + " checkpoint holds them."),
          OptionSpec.optional(
              SPOOL_BYTES,
              OptionSpec.Type.SIZE,
              "1gb",
              "Spool: what its files may have together; beyond, messages stay at the broker."),
          OptionSpec.optional(
              SPOOL_SEGMENT_BYTES,
              OptionSpec.Type.SIZE,
              "16mb",
              "Spool: size of one file; files are deleted as a whole; 4kb to 1gb."),
          OptionSpec.optional(
              WINDOW,
              OptionSpec.Type.LONG,
              "10000",
              "Spool: how many ids of messages are remembered, so that one that comes again is left"
                  + " out; 0: none. Messages of one id must be the same."));

  private BacklogOptions() {}

  /** Them. */
  public static List<OptionSpec> specs() {
    return SPECS;
  }

  /** Those of a source whose messages can be acknowledged only when they are in a spool. */
  public static List<OptionSpec> spoolSpecs() {
    List<OptionSpec> specs = new ArrayList<>(SPECS);
    specs.removeIf(spec -> spec.name().equals(ACKNOWLEDGE) || spec.name().equals(SPOOL));
    specs.add(
        0,
        OptionSpec.required(
            SPOOL,
            OptionSpec.Type.PATH,
            "The directory, of this source alone, in which messages are kept until a checkpoint"
                + " holds them; they are acknowledged when they are there."));
    return specs;
  }

  /** What {@link #spoolSpecs} ask for; problems are told if they do not fit together. */
  public static BacklogSettings spoolSettings(ConnectorOptions options, OptionProblems problems) {
    return settings(options, true, problems);
  }

  /** What {@link #specs} ask for; problems are told if they do not fit together. */
  public static BacklogSettings settings(ConnectorOptions options, OptionProblems problems) {
    boolean spooled = options.string(ACKNOWLEDGE).equals(SPOOL);
    if (spooled && !options.has(SPOOL)) {
      problems.add(
          SPOOL,
          "messages are to be acknowledged when they are in a spool, and there is none",
          "give a directory on a local disk, or set acknowledge: checkpoint");
    }
    if (!spooled && options.has(SPOOL)) {
      problems.add(
          SPOOL,
          "messages are to be acknowledged with checkpoints, which needs none",
          "leave it out, or set acknowledge: spool");
    }
    return settings(options, spooled, problems);
  }

  private static BacklogSettings settings(
      ConnectorOptions options, boolean spooled, OptionProblems problems) {
    problems.range(SPOOL_SEGMENT_BYTES, options.size(SPOOL_SEGMENT_BYTES), 4 << 10, 1L << 30);
    long spoolBytes = options.size(SPOOL_BYTES);
    if (spoolBytes < 2 * options.size(SPOOL_SEGMENT_BYTES)) {
      problems.add(
          SPOOL_BYTES,
          spoolBytes + " bytes are less than two files of spoolSegmentBytes",
          "give more, or smaller files");
    }
    problems.range(WINDOW, options.integer(WINDOW), 0, MAX_WINDOW);
    @Nullable Path directory = spooled && options.has(SPOOL) ? options.path(SPOOL) : null;
    return new BacklogSettings(
        directory,
        spoolBytes,
        options.size(SPOOL_SEGMENT_BYTES),
        (int) Math.min(MAX_WINDOW, options.integer(WINDOW)));
  }
}
