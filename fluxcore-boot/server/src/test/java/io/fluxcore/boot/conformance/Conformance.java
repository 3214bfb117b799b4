package io.fluxcore.boot.conformance;

import io.fluxcore.application.scripted.Variant;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The command {@code bin/conformance}. */
public final class Conformance {
  private static final int PASSED = 0;
  private static final int FAILED = 1;
  private static final int UNUSABLE = 2;

  private Conformance() {}

  /** Runs the cases of a folder and exits with what came of it. */
  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(arguments, out, err));
  }

  /**
   * Runs the cases.
   *
   * @param arguments folder, {@code --kind a,b}, {@code --json}, {@code --known PAGE}
   * @return 0 when no case failed that is not known to, 1 when one did or one that is known to fail
   *     passed, 2 when the arguments or the cases are unusable
   */
  static int run(String[] arguments, PrintStream out, PrintStream err) {
    try {
      return run(Arguments.parse(List.of(arguments)), out, err);
    } catch (IllegalArgumentException | IOException e) {
      err.println("conformance: " + e.getMessage());
      return UNUSABLE;
    }
  }

  private static int run(Arguments arguments, PrintStream out, PrintStream err) throws IOException {
    if (!Files.isDirectory(arguments.folder())) {
      out.println("conformance: not run (no cases at " + arguments.folder() + ")");
      return PASSED;
    }
    List<ConformanceCase> cases = CaseFolder.read(arguments.folder());
    if (cases.isEmpty()) {
      throw new IOException("there is no case below " + arguments.folder());
    }
    CaseRunner runner = new CaseRunner(Variant.all());
    Report report = new Report();
    for (ConformanceCase tested : cases) {
      if (arguments.selects(tested)) {
        report.add(tested, runner.run(tested));
      }
    }
    report.failures().forEach(err::println);
    Path page = arguments.known();
    KnownFailures known = page == null ? KnownFailures.none() : KnownFailures.of(page);
    List<String> news = known.news(report);
    if (page != null) {
      news.forEach(line -> err.println("NEWS " + line));
    }
    if (arguments.json()) {
      out.println(report.json());
    } else {
      report.lines().forEach(out::println);
    }
    return news.isEmpty() ? PASSED : FAILED;
  }

  /**
   * The command line.
   *
   * @param kinds the kinds of cases that are run; empty for all
   * @param known the page that lists the cases that are known to fail; null: none are
   */
  private record Arguments(Path folder, Set<String> kinds, boolean json, Path known) {
    boolean selects(ConformanceCase tested) {
      return kinds.isEmpty() || kinds.contains(tested.kind());
    }

    static Arguments parse(List<String> arguments) {
      Path folder = null;
      Set<String> kinds = new LinkedHashSet<>();
      boolean json = false;
      Path known = null;
      for (int i = 0; i < arguments.size(); i++) {
        String argument = arguments.get(i);
        if (argument.equals("--json")) {
          json = true;
        } else if (argument.equals("--kind") && i + 1 < arguments.size()) {
          addKinds(arguments.get(++i), kinds);
        } else if (argument.equals("--known") && i + 1 < arguments.size()) {
          known = Path.of(arguments.get(++i));
        } else if (argument.startsWith("--kind=")) {
          addKinds(argument.substring("--kind=".length()), kinds);
        } else if (argument.startsWith("-") || folder != null) {
          throw new IllegalArgumentException(
              "'"
                  + argument
                  + "' is not understood; give [DIR] [--kind a,b] [--json] [--known PAGE]");
        } else {
          folder = Path.of(argument);
        }
      }
      if (folder == null) {
        throw new IllegalArgumentException("give the folder of the cases");
      }
      return new Arguments(folder, kinds, json, known);
    }

    private static void addKinds(String text, Set<String> kinds) {
      Set<String> named = new LinkedHashSet<>(Arrays.asList(text.split(",", -1)));
      named.removeAll(ConformanceCase.KINDS);
      if (!named.isEmpty()) {
        throw new IllegalArgumentException(
            "there is no kind " + named + "; kinds are " + ConformanceCase.KINDS);
      }
      kinds.addAll(Arrays.asList(text.split(",", -1)));
    }
  }
}
