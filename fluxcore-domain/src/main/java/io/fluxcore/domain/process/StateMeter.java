package io.fluxcore.domain.process;

import io.fluxcore.domain.operator.StateReading.StateSize;

/**
 * Counts of one state. Those of a subtask may be below zero after a rescale; their sum is right.
 */
final class StateMeter {
  private final String name;
  private final String kind;
  long entries;
  long bytes;
  long expired;
  long expiredBytes;

  StateMeter(String name, String kind) {
    this.name = name;
    this.kind = kind;
  }

  String name() {
    return name;
  }

  void added(long entryBytes) {
    entries++;
    bytes += entryBytes;
  }

  void removed(long entryBytes) {
    entries--;
    bytes -= entryBytes;
  }

  /** Something that has been removed was so because its time was over. */
  void expired(long entryBytes) {
    expired++;
    expiredBytes += entryBytes;
  }

  StateSize read() {
    return new StateSize(name, kind, entries, bytes, expired, expiredBytes);
  }
}
