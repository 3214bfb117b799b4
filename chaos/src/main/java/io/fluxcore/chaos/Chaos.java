package io.fluxcore.chaos;

import io.fluxcore.application.job.kit.PostgresServer;
import io.fluxcore.chaos.SmallDisk.NotPermittedException;
import io.fluxcore.chaos.Trial.Load;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs scenarios and prints what became of them. Ends with 0 if every row was there once, 1 if not
 * or if a server did not come back, 2 if the command line is wrong, 3 if all that was run went well
 * and this machine does not permit the rest.
 */
public final class Chaos {
  private static final int DISK_MEBIBYTES = 96;

  /** As many rows as a job reads between two kills, on the average and with the rows read again. */
  private static final long ROWS_PER_KILL = 4_000;

  private static final long RATE = 4_000;

  /** Disturbances of a job, before the next one begins. */
  private static final int KILLS_A_JOB = 25;

  private static final Load SHORT = new Load(20_000, 20_000);

  private final Options options;
  private final Path work;
  private final PrintStream out;

  /**
   * A run.
   *
   * @param work directory for everything; what went well is deleted from it
   */
  public Chaos(Options options, Path work, PrintStream out) {
    this.options = options;
    this.work = work;
    this.out = out;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Options options;
    try {
      options = Options.parse(arguments, System.currentTimeMillis() % 1_000_000);
    } catch (IllegalArgumentException e) {
      System.err.println("chaos: " + e.getMessage());
      System.exit(2);
      return;
    }
    Path work = Files.createTempDirectory("chaos");
    Outcome outcome = new Chaos(options, work, System.out).run();
    if (outcome != Outcome.FAILED) {
      Files.delete(work);
    }
    System.exit(outcome.code());
  }

  /** How it went; the worst counts. */
  public enum Outcome {
    PASSED(0),
    /** This machine does not permit what it takes. */
    NOT_RUN(3),
    FAILED(1);

    private final int code;

    Outcome(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /** Runs all scenarios. */
  public Outcome run() throws IOException, InterruptedException {
    return with(
        outlet -> {
          List<Outcome> outcomes = new ArrayList<>();
          for (Scenario scenario : options.scenarios()) {
            outcomes.add(run(scenario, outlet));
          }
          return Collections.max(outcomes);
        });
  }

  /** What is to be run into an outlet. */
  private interface Runs {
    Outcome into(Outlet outlet) throws IOException, InterruptedException;
  }

  /** With a PostgreSQL, where rows go there. */
  private Outcome with(Runs runs) throws IOException, InterruptedException {
    out.printf(
        "chaos: seed %d, state on %s, sink %s, parallelism %d; in %s%n",
        options.seed(), options.backend(), options.sink(), options.parallelism(), work);
    if (options.sink().equals(Options.FILE)) {
      return runs.into(Outlet.FILES);
    }
    try (PostgresServer database = PostgresServer.start()) {
      return runs.into(new Tables(database.url()));
    }
  }

  private Outcome run(Scenario scenario, Outlet outlet) throws IOException, InterruptedException {
    int times = scenario.times(options.kills());
    return trial(
        scenario.label(),
        scenario.place(),
        scenario == Scenario.END ? SHORT : load(times),
        outlet,
        Collections.nCopies(times, scenario.disturbance()));
  }

  private static Load load(int times) {
    return new Load(ROWS_PER_KILL * Math.min(times, KILLS_A_JOB), RATE);
  }

  /** Runs disturbances of several scenarios that need no disk of their own, on one server. */
  public Outcome runTogether() throws IOException, InterruptedException {
    List<Disturbance> all = new ArrayList<>();
    for (Scenario scenario : options.scenarios()) {
      if (scenario.place() != Scenario.Place.ANYWHERE) {
        throw new IllegalArgumentException(scenario.label() + " needs a disk of its own");
      }
      all.addAll(Collections.nCopies(scenario.times(options.kills()), scenario.disturbance()));
    }
    return with(
        outlet -> trial("together", Scenario.Place.ANYWHERE, load(all.size()), outlet, all));
  }

  private Outcome trial(
      String label, Scenario.Place place, Load load, Outlet outlet, List<Disturbance> disturbances)
      throws IOException, InterruptedException {
    Path folder = Files.createDirectories(work.resolve(label));
    Path data = folder.resolve("data");
    Tally tally = new Tally();
    Outcome outcome;
    try (@Nullable SmallDisk disk = disk(place, data);
        Trial trial = new Trial(options, outlet, folder, data, disk, load, tally, out)) {
      trial.run(disturbances);
      outcome = Outcome.PASSED;
      out.printf("%s: PASSED, %s; seed %d%n", label, tally, options.seed());
    } catch (NotPermittedException e) {
      outcome = Outcome.NOT_RUN;
      out.printf("%s: NOT RUN, %s%n", label, e.getMessage());
    } catch (RuntimeException e) {
      outcome = Outcome.FAILED;
      out.printf("%s: FAILED, %s%n", label, e.getMessage());
      out.printf("%s: so far %s; seed %d%n", label, tally, options.seed());
    }
    if (outcome != Outcome.FAILED) {
      delete(folder);
    }
    return outcome;
  }

  private static @Nullable SmallDisk disk(Scenario.Place place, Path data)
      throws NotPermittedException, IOException, InterruptedException {
    return switch (place) {
      case ANYWHERE -> null;
      case SMALL_DISK -> SmallDisk.mount(data, DISK_MEBIBYTES);
      case OWN_STORE -> SmallDisk.mount(data.resolve("checkpoints"), DISK_MEBIBYTES);
    };
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
