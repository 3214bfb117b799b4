package io.fluxcore.chaos;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/**
 * Tables of a PostgreSQL, one an output of each job.
 *
 * @param url of the database, with user
 */
record Tables(String url) implements Outlet {
  @Override
  public String sink(Round round, String output) {
    return "{connector: jdbc, url: \"%s\", table: %s%s, createTable: true}"
        .formatted(url, prefix(round), output);
  }

  /** How the tables of a job begin: with its scenario, and its number in it. */
  private static String prefix(Round round) {
    Path folder = round.folder();
    return (folder.getName(folder.getNameCount() - 2) + "_" + folder.getFileName() + "_")
        .replace('-', '_');
  }

  @Override
  public List<String> place(Round round) {
    return List.of(url, prefix(round));
  }

  @Override
  public List<Path> libraries() {
    return List.of(driver());
  }

  private Path driver() {
    try {
      Class<?> driver = DriverManager.getDriver(url).getClass();
      return Path.of(driver.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (SQLException | URISyntaxException e) {
      throw new IllegalStateException("there is no driver for " + url, e);
    }
  }
}
