package io.fluxcore.adapters.in.jdbc;

import io.fluxcore.adapters.in.jdbc.RowFetch.Chunk;
import io.fluxcore.application.connector.SplitPosition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** How far a reader is in one split. Not thread-safe. */
final class SplitProgress {
  final String split;
  final int number;
  final RowPosition asked;
  final SettleBound settle;

  /** Whether it is known where reading begins. */
  boolean isLocated;

  /** Whether the host does not know of that. */
  boolean begins;

  /** Behind which row reading goes on, of what has been fetched. */
  List<String> after;

  @Nullable String end;

  /** The split has been read to its end. */
  boolean isAtEnd;

  /** What is asked of the database now. */
  @Nullable CompletableFuture<?> asking;

  /** What has been fetched and not been given. */
  @Nullable Chunk chunk;

  /** When the next rows are asked for. */
  long dueNanos = System.nanoTime();

  SplitProgress(String split, int number, RowPosition asked, Duration settle) {
    this.split = split;
    this.number = number;
    this.asked = asked;
    this.after = asked.after();
    this.end = asked.end();
    this.settle = new SettleBound(settle);
  }

  SplitPosition position() {
    return new RowPosition(after, end, false).toSplitPosition();
  }
}
