package io.fluxcore.boot.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shell in a real terminal, typed into as a person does: tmux, which {@code bin/servers} has.
 */
@Timeout(600)
final class SqlShellIT {
  private static final long PATIENCE_SECONDS = 120;

  @TempDir private Path folder;

  private String socket = "";
  private String tmux = "";

  @BeforeEach
  void start() throws Exception {
    tmux = run(List.of(Program.ROOT.resolve("bin/servers").toString(), "path", "tmux")).strip();
    socket = folder.resolve("tmux").toString();
    String shell =
        "FLUXCORE_NO_BUILD=true FLUXCORE_SQL_HISTORY="
            + folder.resolve("history")
            + " JAVA_HOME="
            + System.getProperty("java.home")
            + " "
            + Program.ROOT.resolve("bin/fluxcore")
            + " sql; echo ended with $?; sleep 600";
    tmux("new-session", "-d", "-x", "110", "-y", "50", "-c", folder.toString(), shell);
    awaitLast("fluxcore>");
  }

  @AfterEach
  void end() throws Exception {
    tmux("kill-server");
  }

  private String tmux(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(tmux, "-S", socket));
    command.addAll(List.of(arguments));
    return run(command);
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(command + ": " + out).isZero();
    return out;
  }

  /** A semicolon at the end would be one of tmux' own commands. */
  private void type(String text) throws IOException, InterruptedException {
    tmux("send-keys", "-l", text.endsWith(";") ? text.replaceFirst(";$", "\\\\;") : text);
  }

  private void press(String key) throws IOException, InterruptedException {
    tmux("send-keys", key);
  }

  private void enter(String text) throws IOException, InterruptedException {
    type(text);
    press("Enter");
  }

  private String screen() throws IOException, InterruptedException {
    return tmux("capture-pane", "-p", "-S", "-");
  }

  private String await(String text) throws IOException, InterruptedException {
    String screen = screen();
    for (int i = 0; i < PATIENCE_SECONDS * 10 && !screen.contains(text); i++) {
      TimeUnit.MILLISECONDS.sleep(100);
      screen = screen();
    }
    assertThat(screen).contains(text);
    return screen;
  }

  /** Waits for the last line. */
  private void awaitLast(String line) throws IOException, InterruptedException {
    String screen = screen();
    for (int i = 0; i < PATIENCE_SECONDS * 10 && !screen.strip().endsWith(line); i++) {
      TimeUnit.MILLISECONDS.sleep(100);
      screen = screen();
    }
    assertThat(screen.strip()).endsWith(line);
  }

  @Test
  void statementsAreTyped_queriesCancelled_historyKept() throws Exception {
    enter("CREATE TABLE numbers (id BIGINT)");
    await("->");
    enter(" WITH ('connector' = 'generator', 'count' = '6');");
    await("Table 'numbers' is created.");
    enter("SELECT id / 3 AS third, COUNT(*) AS n FROM numbers GROUP BY id / 3;");
    assertThat(await("rows, finished")).contains("third").containsPattern("\\+[IU] +1 +3");
    awaitLast("fluxcore>");

    enter("SELECT idd FROM numbers;");
    assertThat(await("did you mean 'id'?")).contains("1:8");
    awaitLast("fluxcore>");

    enter("CREATE TABLE ticks (id BIGINT) WITH ('connector' = 'generator', 'rate' = '20');");
    await("Table 'ticks' is created.");
    enter("SELECT id + 1000 AS tick FROM ticks;");
    await("1003");
    press("C-c");
    await("rows, cancelled");
    awaitLast("fluxcore>");

    type("SELECT what is given up");
    press("C-c");
    awaitLast("fluxcore>");
    type("\\d numb");
    press("Tab");
    await("\\d numbers");
    press("Enter");
    await("BIGINT");
    awaitLast("fluxcore>");

    press("C-d");
    await("ended with 0");
    assertThat(Files.readString(folder.resolve("history"))).contains("FROM ticks");
  }

  @Test
  void quit_endsTheShell() throws Exception {
    enter("HELP");
    await("Statements end with a semicolon");
    awaitLast("fluxcore>");
    enter("QUIT");
    await("ended with 0");
  }
}
