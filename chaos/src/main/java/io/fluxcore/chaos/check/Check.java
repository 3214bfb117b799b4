package io.fluxcore.chaos.check;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Compares committed output with what should have come out:
 *
 * <pre>
 *   Check whole|prefix INPUT DIRECTORY
 *   Check whole|prefix INPUT URL PREFIX       tables of a database
 * </pre>
 *
 * <p>{@code whole}: each row is there once. {@code prefix}: rows may be missing, since the job is
 * not over. Prints the counts in a line, then, where it is wrong, some of the rows, and ends with 0
 * or 1.
 */
public final class Check {
  private static final int SHOWN = 5;

  private Check() {}

  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 3 || arguments.length > 4) {
      System.err.println("usage: Check whole|prefix INPUT DIRECTORY|URL PREFIX");
      System.exit(2);
    }
    boolean whole = arguments[0].equals("whole");
    Results results = new Results(Reading.all(Path.of(arguments[1])));
    Committed committed =
        arguments.length == 4
            ? new CommittedTables(arguments[2], arguments[3])
            : new CommittedFiles(Path.of(arguments[2]));
    long expected = 0;
    long found = 0;
    long lost = 0;
    long duplicate = 0;
    long wrong = 0;
    StringBuilder details = new StringBuilder();
    boolean right = true;
    for (Output output : Output.values()) {
      Comparison comparison = Comparison.of(results.of(output), committed.rows(output));
      expected += comparison.expected();
      found += comparison.found();
      lost += comparison.lost().size();
      duplicate += comparison.duplicate().size();
      wrong += comparison.wrong().size();
      if (!(whole ? comparison.isWhole() : comparison.isPrefix())) {
        right = false;
        describe(output, "duplicate", comparison.duplicate(), details);
        describe(output, "wrong", comparison.wrong(), details);
        describe(output, "lost", whole ? comparison.lost() : List.of(), details);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "expected %d found %d lost %d duplicate %d wrong %d%n%s",
        expected,
        found,
        whole ? lost : 0,
        duplicate,
        wrong,
        details);
    System.exit(right ? 0 : 1);
  }

  private static void describe(
      Output output, String what, List<List<Long>> rows, StringBuilder details) {
    if (!rows.isEmpty()) {
      details.append(
          "  %s: %d %s, such as %s %s%n"
              .formatted(
                  output.label(),
                  rows.size(),
                  what,
                  output.fields(),
                  rows.subList(0, Math.min(SHOWN, rows.size()))));
    }
  }
}
