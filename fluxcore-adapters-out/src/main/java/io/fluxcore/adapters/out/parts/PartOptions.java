package io.fluxcore.adapters.out.parts;

import io.fluxcore.adapters.out.format.EncoderOptions;
import io.fluxcore.adapters.out.format.PartFormat;
import io.fluxcore.adapters.out.format.RowTemplate;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.domain.event.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options of sinks that write parts: one meaning for all of them. */
public final class PartOptions {
  private static final String PARTITION_BY = "partitionBy";
  private static final String ROLL_SIZE = "rollSize";
  private static final String ROLL_INTERVAL = "rollInterval";
  private static final String MAX_OPEN_PARTS = "maxOpenParts";
  private static final long MIN_ROLL_BYTES = 1L << 10;
  private static final long MAX_ROLL_BYTES = 1L << 40;

  private PartOptions() {}

  /**
   * What a connector of parts has as options beside its own.
   *
   * @param maxOpenParts how many parts may be open unless said otherwise
   */
  public static List<OptionSpec> specs(int maxOpenParts) {
    List<OptionSpec> specs = new ArrayList<>(EncoderOptions.ofParts());
    specs.add(
        OptionSpec.optional(
            PARTITION_BY,
            OptionSpec.Type.STRING,
            null,
            "Directories that rows are shared out among, such as `dt={yyyy-MM-dd}` by the time of"
                + " events in UTC, `country={country}` by a field, or both with `/` between."));
    specs.add(
        OptionSpec.optional(
            ROLL_SIZE,
            OptionSpec.Type.SIZE,
            null,
            "A part that has grown to this ends before its checkpoint, and another one begins; 1kb"
                + " to 1024gb."));
    specs.add(
        OptionSpec.optional(
            ROLL_INTERVAL,
            OptionSpec.Type.DURATION,
            null,
            "A part that has become so old ends before its checkpoint; 1ms to 30d."));
    specs.add(
        OptionSpec.optional(
            MAX_OPEN_PARTS,
            OptionSpec.Type.LONG,
            Integer.toString(maxOpenParts),
            "How many parts of a writer, each of another directory, stay open; when there are more,"
                + " those end that were written to longest ago; 1 to 10000."));
    return List.copyOf(specs);
  }

  /**
   * What the options say.
   *
   * @param schema of the rows
   * @param fileName whose ending may decide on the compression
   * @param problems is told what is wrong; then the result is of no use
   */
  public static PartSettings parse(
      ConnectorOptions options, Schema schema, String fileName, OptionProblems problems) {
    PartFormat format = EncoderOptions.parts(options, schema, fileName, problems);
    long rollBytes = 0;
    if (options.has(ROLL_SIZE)) {
      rollBytes = options.size(ROLL_SIZE);
      problems.range(ROLL_SIZE, rollBytes, MIN_ROLL_BYTES, MAX_ROLL_BYTES);
    }
    Duration interval = options.optionalDuration(ROLL_INTERVAL);
    long rollNanos = 0;
    if (interval != null) {
      if (interval.compareTo(Duration.ofMillis(1)) < 0
          || interval.compareTo(Duration.ofDays(30)) > 0) {
        problems.add(ROLL_INTERVAL, interval + " is out of range", "give 1ms to 30d");
      } else {
        rollNanos = interval.toNanos();
      }
    }
    long maxOpen = options.integer(MAX_OPEN_PARTS);
    problems.range(MAX_OPEN_PARTS, maxOpen, 1, 10_000);
    return new PartSettings(
        format, partitions(options, schema, problems), rollBytes, rollNanos, (int) maxOpen);
  }

  private static @Nullable RowTemplate partitions(
      ConnectorOptions options, Schema schema, OptionProblems problems) {
    String text = options.optionalString(PARTITION_BY);
    if (text == null) {
      return null;
    }
    for (String name : text.split("/", -1)) {
      if (name.isEmpty() || name.startsWith(".")) {
        problems.add(
            PARTITION_BY,
            "'" + text + "' has a directory that " + (name.isEmpty() ? "has no name" : "is hidden"),
            "write names with / between, such as dt={yyyy-MM-dd}/country={country}");
        return null;
      }
    }
    if (!text.contains("{")) {
      problems.add(
          PARTITION_BY,
          "'" + text + "' is the same directory for all rows",
          "put it into the path, or name a field or the time, such as dt={yyyy-MM-dd}");
    }
    return RowTemplate.of(PARTITION_BY, text, schema, problems);
  }
}
