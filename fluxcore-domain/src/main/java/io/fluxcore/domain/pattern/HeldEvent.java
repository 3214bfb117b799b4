package io.fluxcore.domain.pattern;

/**
 * An event that partial matches hold, its fields in bytes of {@link RowFormat}. One object, however
 * many matches it is in. Immutable.
 */
final class HeldEvent {
  final long timestamp;

  /** Which event of its key it is, ascending. */
  final long sequence;

  final byte[] row;

  HeldEvent(long timestamp, long sequence, byte[] row) {
    this.timestamp = timestamp;
    this.sequence = sequence;
    this.row = row;
  }
}
