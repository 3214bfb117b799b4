package io.fluxcore.application.kit;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.Bind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.output.OutputFrame;
import org.testcontainers.utility.DockerImageName;

/**
 * A program of an image, in a container of Docker by Testcontainers: with this machine's network,
 * and with the server's directory at the same place, so that a command is the same as that of a
 * process. {@code FLUXCORE_IMAGE_REDIS} and so on name other images.
 */
final class RunningContainer implements Running {
  private static final int LOOK_EVERY_MILLIS = 20;
  private static final Map<String, String> IMAGES =
      Map.of(
          "redis", "redis:7.0",
          "rabbitmq", "rabbitmq:3.10",
          "mosquitto", "eclipse-mosquitto:2.0",
          "mariadb", "mariadb:10.11",
          "influxdb", "influxdb:1.8",
          "clickhouse", "yandex/clickhouse-server:18.16");

  private final GenericContainer<?> container;
  private final Path log;

  RunningContainer(String name, ProcessBuilder command, Path directory, Path log) {
    this.log = log;
    this.container = container(name, command, directory);
    container.withLogConsumer(this::keep);
    container.start();
  }

  /** Whether a server comes from an image, and not from jars. */
  static boolean hasImage(String name) {
    return IMAGES.containsKey(name);
  }

  private static DockerImageName image(String name) {
    String given = System.getenv("FLUXCORE_IMAGE_" + name.toUpperCase(Locale.ROOT));
    return DockerImageName.parse(
        given == null ? Objects.requireNonNull(IMAGES.get(name), name) : given);
  }

  @SuppressWarnings("resource") // closed by kill
  private static GenericContainer<?> container(
      String name, ProcessBuilder command, Path directory) {
    // Only what was set: the rest of the environment is this machine's.
    Map<String, String> own = System.getenv();
    List<String> set =
        command.environment().entrySet().stream()
            .filter(entry -> !entry.getValue().equals(own.get(entry.getKey())))
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .toList();
    String user = owner(directory);
    return new GenericContainer<>(image(name))
        .withNetworkMode("host")
        .withCreateContainerCmdModifier(
            create -> {
              Objects.requireNonNull(create.getHostConfig())
                  .withBinds(Bind.parse(directory + ":" + directory));
              create
                  .withUser(user)
                  .withWorkingDir(directory.toString())
                  .withEnv(set)
                  .withEntrypoint(command.command())
                  .withCmd();
            });
  }

  /** Who owns the directory, as user and group: what the server writes is its to delete. */
  private static String owner(Path directory) {
    try {
      return Files.getAttribute(directory, "unix:uid")
          + ":"
          + Files.getAttribute(directory, "unix:gid");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void keep(OutputFrame frame) {
    byte @Nullable [] bytes = frame.getBytes();
    if (bytes == null) {
      return;
    }
    try {
      Files.write(log, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DockerClient docker() {
    return DockerClientFactory.lazyClient();
  }

  private ContainerState state() {
    return docker().inspectContainerCmd(container.getContainerId()).exec().getState();
  }

  @Override
  public boolean isAlive() {
    return container.getContainerId() != null && Boolean.TRUE.equals(state().getRunning());
  }

  @Override
  public int exitCode() {
    Long code = state().getExitCodeLong();
    return code == null ? -1 : code.intValue();
  }

  @Override
  public void await(Duration most) throws InterruptedException {
    long deadline = System.nanoTime() + most.toNanos();
    while (isAlive() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(Math.min(LOOK_EVERY_MILLIS, most.toMillis()));
    }
  }

  @Override
  public void kill() {
    container.stop(); // which kills and removes it
  }

  @Override
  public void askToEnd() {
    docker().killContainerCmd(container.getContainerId()).withSignal("TERM").exec();
  }

  @Override
  public void pause() {
    docker().pauseContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public void resume() {
    docker().unpauseContainerCmd(container.getContainerId()).exec();
  }
}
