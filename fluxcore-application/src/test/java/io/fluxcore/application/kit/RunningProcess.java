package io.fluxcore.application.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process of this system, with all that it has started. */
final class RunningProcess implements Running {
  private static final int LOOK_EVERY_MILLIS = 20;

  private final Process process;

  RunningProcess(ProcessBuilder command, Path log) throws IOException {
    this.process =
        command
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
  }

  @Override
  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public int exitCode() {
    return process.exitValue();
  }

  @Override
  public void await(Duration most) throws InterruptedException {
    process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void kill() {
    family().forEach(ProcessHandle::destroyForcibly);
    process.onExit().join();
  }

  @Override
  public void askToEnd() {
    process.destroy();
  }

  @Override
  public void pause() {
    signal("STOP");
    // The signal is taken thread by thread; one that has not yet may still answer.
    try {
      while (family().stream().anyMatch(RunningProcess::hasThreadThatGoesOn)) {
        TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a server stops", e);
    }
  }

  private static boolean hasThreadThatGoesOn(ProcessHandle one) {
    try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(one.pid()), "task"))) {
      return threads.anyMatch(
          thread -> {
            try {
              String stat = Files.readString(thread.resolve("stat"));
              return "TZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) < 0;
            } catch (IOException e) {
              return false; // it has ended
            }
          });
    } catch (IOException e) {
      return false; // it has ended, or there is no such folder on this system
    }
  }

  @Override
  public void resume() {
    signal("CONT");
  }

  private void signal(String signal) {
    List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
    family().forEach(one -> command.add(Long.toString(one.pid())));
    try {
      new ProcessBuilder(command).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<ProcessHandle> family() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
  }
}
