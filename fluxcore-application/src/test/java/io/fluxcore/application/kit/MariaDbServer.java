package io.fluxcore.application.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A real MariaDB for tests, Debian's {@code mariadb-server}, which {@code bin/servers} installs,
 * with a user and a database. What it has outlives {@link #kill} and {@link #restart}.
 */
public final class MariaDbServer implements AutoCloseable {
  public static final String USER = "flux";
  public static final String PASSWORD = "s3cret";
  public static final String DATABASE = "shop";

  private final ServerProcess process;

  private MariaDbServer(ServerProcess process) {
    this.process = process;
  }

  /**
   * Starts one, and returns when it takes connections.
   *
   * @param options of mariadbd, such as {@code --log-bin=binlog}
   */
  public static MariaDbServer start(String... options) {
    String program = ServerProcess.program("mariadb", "FLUXCORE_MARIADB", "/usr/sbin/mariadbd");
    return new MariaDbServer(
        ServerProcess.start(
            "mariadb",
            (port, directory) -> command(program, port, directory, List.of(options)),
            ServerProcess::accepts));
  }

  private static ProcessBuilder command(
      String program, int port, Path directory, List<String> options) throws IOException {
    Path data = directory.resolve("data");
    // A server that starts deletes the temporary tables that it finds, those of others too.
    Path temporary = Files.createDirectories(directory.resolve("tmp"));
    String me = System.getProperty("user.name");
    if (!Files.exists(data)) {
      ServerProcess.prepare(
          "mariadb",
          directory,
          "mariadb-install-db",
          "--no-defaults",
          "--user=" + me,
          "--datadir=" + data,
          "--tmpdir=" + temporary,
          "--auth-root-authentication-method=normal",
          "--skip-test-db");
    }
    Path users = directory.resolve("users.sql");
    Files.writeString(
        users,
        String.format(
            "create database if not exists %s;%n"
                + "create user if not exists '%s'@'%%' identified by '%s';%n"
                + "grant all privileges on *.* to '%s'@'%%' with grant option;%n",
            DATABASE, USER, PASSWORD, USER));
    List<String> command =
        new ArrayList<>(
            List.of(
                program,
                "--no-defaults",
                "--user=" + me,
                "--datadir=" + data,
                "--tmpdir=" + temporary,
                "--port=" + port,
                "--bind-address=127.0.0.1",
                "--skip-name-resolve",
                "--socket=" + directory.resolve("socket"),
                "--pid-file=" + directory.resolve("pid"),
                "--init-file=" + users,
                "--character-set-server=utf8mb4"));
    command.addAll(options);
    return new ProcessBuilder(command);
  }

  /** Its address for JDBC, without user. */
  public String url() {
    return "jdbc:mariadb://127.0.0.1:" + process.port() + "/" + DATABASE;
  }

  public int port() {
    return process.port();
  }

  /** Ends it as {@code kill -9} does. */
  public void kill() {
    process.kill();
  }

  /** Starts it anew with what it had on its disk. */
  public void restart() {
    process.restart();
  }

  /** Stops it, so that it answers nothing, until it goes on. */
  public void pause() {
    process.pause();
  }

  /** Lets it go on. */
  public void resume() {
    process.resume();
  }

  @Override
  public void close() {
    process.close();
  }
}
