package io.fluxcore.adapters.in.cli;

import java.io.IOException;
import java.util.List;

/** Where statements are run one after another: this process, or a server. Not thread-safe. */
interface SqlHost {
  /**
   * Runs the statements of a script until one does not go well.
   *
   * @param name what messages call the script
   * @return its exit code
   */
  int run(String name, String script) throws IOException, InterruptedException;

  /** Whether a text ends with a whole statement. */
  boolean isComplete(String text);

  /** How rows are written from now on. */
  void output(OutputFormat format);

  /** The names of tables and views. */
  List<String> tables();

  /** The names of the columns of a table or view, or none. */
  List<String> columns(String table);

  /** The names of functions. */
  List<String> functions();
}
