package io.fluxcore.domain.pattern;

/** A match on its way: where it is in the program, and what it has. Immutable. */
final class PartialMatch {
  final int state;
  final Link last;
  final long startTime;
  final long startSequence;

  /** When its last event was. */
  final long previousTime;

  PartialMatch(int state, Link last, long startTime, long startSequence) {
    this.state = state;
    this.last = last;
    this.startTime = startTime;
    this.startSequence = startSequence;
    this.previousTime = last.event.timestamp;
  }

  /** The same in another state. */
  PartialMatch in(int newState) {
    return newState == state ? this : new PartialMatch(newState, last, startTime, startSequence);
  }
}
