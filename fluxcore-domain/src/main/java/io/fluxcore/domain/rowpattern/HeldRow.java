package io.fluxcore.domain.rowpattern;

/** A row that may be in a match, its fields in bytes, with what is known of it alone. */
final class HeldRow {
  final long timestamp;
  final byte[] bytes;

  /** Of which variables it is known whether their conditions hold, as far as rows alone decide. */
  long known;

  /** For which of these they hold. */
  long holds;

  HeldRow(long timestamp, byte[] bytes) {
    this.timestamp = timestamp;
    this.bytes = bytes;
  }
}
