package io.fluxcore.chaos;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/**
 * What is wanted of a run.
 *
 * @param kills disturbances of the scenario {@code random}; the others have fewer
 * @param seed of the input and the moments
 * @param backend where state lives: heap or rocksdb
 * @param sink where rows go: file or postgres
 * @param parallelism of the job
 * @param scenarios in the order in which they are run
 */
public record Options(
    int kills, long seed, String backend, String sink, int parallelism, List<Scenario> scenarios) {
  static final String FILE = "file";
  static final String POSTGRES = "postgres";

  private static final int KILLS = 100;
  private static final int PARALLELISM = 2;
  private static final List<String> BACKENDS = List.of("heap", "rocksdb");
  private static final List<String> SINKS = List.of(FILE, POSTGRES);

  public Options {
    if (kills < 1) {
      throw new IllegalArgumentException("--kills is 1 or more, not " + kills);
    }
    if (parallelism < 1) {
      throw new IllegalArgumentException("--parallelism is 1 or more, not " + parallelism);
    }
    if (!BACKENDS.contains(backend)) {
      throw new IllegalArgumentException("--backend is one of " + BACKENDS + ", not " + backend);
    }
    if (!SINKS.contains(sink)) {
      throw new IllegalArgumentException("--sink is one of " + SINKS + ", not " + sink);
    }
    scenarios = List.copyOf(scenarios);
  }

  /**
   * Reads a command line.
   *
   * @param otherwise the seed where none is given
   * @throws IllegalArgumentException if it cannot be
   */
  static Options parse(String[] arguments, long otherwise) {
    int kills = KILLS;
    long seed = otherwise;
    String backend = "heap";
    String sink = FILE;
    int parallelism = PARALLELISM;
    List<Scenario> scenarios = new ArrayList<>();
    Iterator<String> words = List.of(arguments).iterator();
    while (words.hasNext()) {
      String word = words.next();
      switch (word) {
        case "--kills" -> kills = Integer.parseInt(value(word, words));
        case "--seed" -> seed = Long.parseLong(value(word, words));
        case "--backend" -> backend = value(word, words);
        case "--sink" -> sink = value(word, words);
        case "--parallelism" -> parallelism = Integer.parseInt(value(word, words));
        case "all" -> scenarios.addAll(List.of(Scenario.values()));
        default -> scenarios.add(scenario(word));
      }
    }
    return new Options(
        kills,
        seed,
        backend,
        sink,
        parallelism,
        scenarios.isEmpty() ? List.of(Scenario.RANDOM) : scenarios);
  }

  private static String value(String option, Iterator<String> words) {
    if (!words.hasNext()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return words.next();
  }

  private static Scenario scenario(String word) {
    for (Scenario scenario : Scenario.values()) {
      if (scenario.label().equals(word)) {
        return scenario;
      }
    }
    throw new IllegalArgumentException(
        "'"
            + word.toLowerCase(Locale.ROOT)
            + "' is no scenario; there are all, "
            + String.join(", ", Scenario.labels()));
  }
}
