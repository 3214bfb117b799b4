package io.fluxcore.application.explain;

/**
 * How much state a node keeps, as far as its declaration tells.
 *
 * @param kind whether and by what it ends
 * @param by what bounds it, or what it grows by; empty where there is none
 */
public record StateEstimate(Kind kind, String by) {
  static final StateEstimate NONE = new StateEstimate(Kind.NONE, "");

  /** How state behaves when the input never ends. */
  public enum Kind {
    /** Nothing that outlives a batch, but for a few counters. */
    NONE,
    /** Comes and goes, or has a fixed number of elements. */
    BOUNDED,
    /** Nothing ever removes it. */
    UNBOUNDED
  }

  static StateEstimate bounded(String by) {
    return new StateEstimate(Kind.BOUNDED, by);
  }

  static StateEstimate unbounded(String by) {
    return new StateEstimate(Kind.UNBOUNDED, by);
  }

  /** The larger of both. */
  StateEstimate and(StateEstimate other) {
    if (other.kind.compareTo(kind) > 0) {
      return other;
    }
    return other.kind == kind && kind != Kind.NONE && !other.by.equals(by)
        ? new StateEstimate(kind, by + "; " + other.by)
        : this;
  }

  @Override
  public String toString() {
    return switch (kind) {
      case NONE -> "none";
      case BOUNDED -> "bounded: " + by;
      case UNBOUNDED -> "grows without bound: " + by;
    };
  }
}
