package io.fluxcore.chaos;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A job from its submission to its end.
 *
 * @param name of the job
 * @param folder of its input and output
 */
record Round(String name, Path folder) {
  private static final Pattern COUNTS =
      Pattern.compile("expected (\\d+) found (\\d+) lost (\\d+) duplicate (\\d+) wrong (\\d+)");

  /** Makes the input. */
  static Round prepare(String name, Path folder, long rows, SplittableRandom random)
      throws IOException {
    Round round = new Round(name, folder);
    Input.write(round.input(), rows, random);
    return round;
  }

  Path input() {
    return folder.resolve("input");
  }

  Path output() {
    return folder.resolve("output");
  }

  /** What a user would submit. */
  String jobFile(Options options, Outlet outlet) {
    return """
        job:
          name: %1$s
          parallelism: %2$d
          stateBackend: %3$s
          batchRows: 256
          deliveryGuarantee: exactly-once
          errorPolicy: fail
          checkpoints: {interval: 250ms, timeout: 20s, toleratedFailures: 2}
          restartStrategy:
            fixedDelay: {attempts: 1000000, delay: 500ms}
        topology:
          - name: events
            source:
              connector: file
              path: "%4$s/*.json"
              schema: {id: long, key: long, at: timestamp_tz, amount: long}
              timestampField: at
              maxOutOfOrderness: %5$dms
          - name: paced
            filter: paced(id)

          - name: tens
            from: paced
            window: {tumbling: {duration: 10s}}
          - name: ofTens
            aggregate:
              groupBy: key
              fields: {events: count, total: {sum: amount}, largest: {max: amount}}
          - name: tumbling
            sink: %6$s

          - name: twenties
            from: paced
            window: {sliding: {duration: 20s, slide: 5s}}
          - name: ofTwenties
            aggregate:
              groupBy: key
              fields: {events: count, total: {sum: amount}, largest: {max: amount}}
          - name: sliding
            sink: %7$s

          - name: visits
            from: paced
            window: {session: {gap: 3s}}
          - name: ofVisits
            aggregate:
              groupBy: key
              fields: {events: count, total: {sum: amount}, largest: {max: amount}}
          - name: sessions
            sink: %8$s

          - name: watch
            from: paced
            process:
              function: activityWatch
              keyBy: key
              schema: {key: long, events: long, total: long, same: long}
              sideOutputs:
                silent: {key: long, since: long, events: long}
          - name: progress
            sink: %9$s
          - name: silences
            from: watch.silent
            sink: %10$s
        """
        .formatted(
            name,
            options.parallelism(),
            options.backend(),
            input(),
            Input.DISORDER_MILLIS,
            outlet.sink(this, "tumbling"),
            outlet.sink(this, "sliding"),
            outlet.sink(this, "sessions"),
            outlet.sink(this, "progress"),
            outlet.sink(this, "silent"));
  }

  /**
   * What a comparison of the committed output has found.
   *
   * @param right whether nothing is lost, duplicate or wrong
   * @param text of the program that compared
   */
  record Verdict(
      boolean right,
      long expected,
      long found,
      long lost,
      long duplicate,
      long wrong,
      String text) {}

  /**
   * Has a program of its own compare what is committed.
   *
   * @param whole whether all of it must be there
   */
  Verdict check(Outlet outlet, boolean whole) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m", "-cp", path(outlet)));
    command.addAll(
        List.of("io.fluxcore.chaos.check.Check", whole ? "whole" : "prefix", input().toString()));
    command.addAll(outlet.place(this));
    Process program = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = program.waitFor();
    Matcher counts = COUNTS.matcher(text);
    if (!counts.find()) {
      throw new IllegalStateException("the output cannot be compared: " + text);
    }
    return new Verdict(
        code == 0,
        Long.parseLong(counts.group(1)),
        Long.parseLong(counts.group(2)),
        Long.parseLong(counts.group(3)),
        Long.parseLong(counts.group(4)),
        Long.parseLong(counts.group(5)),
        text.strip());
  }

  private static String path(Outlet outlet) {
    return Stream.concat(Stream.of(Server.CODE), outlet.libraries().stream())
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }
}
