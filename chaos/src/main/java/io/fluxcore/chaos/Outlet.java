package io.fluxcore.chaos;

import java.nio.file.Path;
import java.util.List;

/** Where the rows of a job go, and where the program that compares finds them. */
interface Outlet {
  /**
   * The value of {@code sink} in a job file.
   *
   * @param round whose rows they are
   * @param output which of its outputs
   */
  String sink(Round round, String output);

  /** What the program that compares is told of the place. */
  List<String> place(Round round);

  /** What it needs on its class path beside its own classes. */
  List<Path> libraries();

  /** Files, one a checkpoint. */
  Outlet FILES =
      new Outlet() {
        @Override
        public String sink(Round round, String output) {
          return "{connector: file, path: \"" + round.output().resolve(output + ".json") + "\"}";
        }

        @Override
        public List<String> place(Round round) {
          return List.of(round.output().toString());
        }

        @Override
        public List<Path> libraries() {
          return List.of();
        }
      };
}
