package io.fluxcore.domain.pattern;

/** How the events of a stage lie to those of the stage before it. */
public enum Contiguity {
  /** The very next event of the key. */
  NEXT("next"),
  /** A later event; what does not fit between them is passed over. */
  FOLLOWED_BY("followedBy"),
  /** A later event; what fits may be passed over, too, so that there are more matches. */
  FOLLOWED_BY_ANY("followedByAny"),
  /** The very next event must not fit. */
  NOT_NEXT("notNext"),
  /** No event may fit until the stage after this one, or until the time is over. */
  NOT_FOLLOWED_BY("notFollowedBy");

  private final String word;

  Contiguity(String word) {
    this.word = word;
  }

  /** As builders and job files write it. */
  public String word() {
    return word;
  }

  /** Whether the stage is about events that must not be there. */
  public boolean isNegated() {
    return this == NOT_NEXT || this == NOT_FOLLOWED_BY;
  }
}
