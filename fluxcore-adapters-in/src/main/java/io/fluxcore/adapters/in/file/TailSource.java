package io.fluxcore.adapters.in.file;

import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.Schema;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Logs that grow, and how they are written. Each is a split. */
final class TailSource implements Source {
  private final WatchedPath watched;
  private final TailSettings settings;
  private final LongSupplier nanoTime;

  /** The logs that there were when they were first asked for. */
  private volatile @Nullable Set<String> first;

  TailSource(String path, TailSettings settings, LongSupplier nanoTime) {
    this.watched = new WatchedPath(path);
    this.settings = settings;
    this.nanoTime = nanoTime;
  }

  TailSource withNanoTime(LongSupplier other) {
    return new TailSource(watched.path(), settings, other);
  }

  @Override
  public @Nullable Schema schema() {
    return settings.format().schema();
  }

  @Override
  public Changes changes() {
    return settings.format().changes();
  }

  @Override
  public boolean isBounded() {
    return false;
  }

  @Override
  public Duration discoveryInterval() {
    return settings.pollInterval();
  }

  @Override
  public List<Split> discoverSplits() {
    List<Split> logs = watched.logs().stream().map(f -> new Split(f.toString())).toList();
    if (first == null) {
      first = logs.stream().map(Split::id).collect(Collectors.toUnmodifiableSet());
    }
    return logs;
  }

  private boolean isNew(Split split) {
    Set<String> known = first;
    return known != null && (!known.contains(split.id()) || !isThere(split));
  }

  /** A log may be asked for before its file is there: then all of it is new. */
  private static boolean isThere(Split split) {
    return LogListing.member(Path.of(split.id()), true) != null;
  }

  @Override
  public SourceReader createReader(ReaderContext context) {
    return new TailReader(watched, settings, context, this::isNew, nanoTime);
  }
}
