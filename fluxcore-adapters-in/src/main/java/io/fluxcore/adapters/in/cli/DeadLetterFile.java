package io.fluxcore.adapters.in.cli;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where dead letters of a run go: what the user says, or a file named after the job, whose name is
 * known only when its file has been read.
 */
final class DeadLetterFile implements Supplier<Path> {
  private final @Nullable Path given;
  private volatile String jobName = "job";

  DeadLetterFile(@Nullable Path given) {
    this.given = given;
  }

  void nameAfter(String name) {
    jobName = name;
  }

  @Override
  public Path get() {
    return given != null
        ? given
        : Path.of(jobName.replaceAll("[^A-Za-z0-9._-]", "_") + ".dead-letters.ndjson");
  }
}
