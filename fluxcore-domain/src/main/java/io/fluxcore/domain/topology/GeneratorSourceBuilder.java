package io.fluxcore.domain.topology;

/** Collects the settings of a source that makes events up. Not thread-safe. */
public final class GeneratorSourceBuilder extends SourceBuilder<GeneratorSourceBuilder> {
  GeneratorSourceBuilder() {
    super("generator", null);
  }

  /** Events per second; 0: as fast as possible. */
  public GeneratorSourceBuilder withRate(long eventsPerSecond) {
    return with("rate", eventsPerSecond);
  }

  /** Number of events, after which the source ends. */
  public GeneratorSourceBuilder withCount(long events) {
    return with("count", events);
  }

  /** Where the sequence of values starts; the same seed gives the same events. */
  public GeneratorSourceBuilder withSeed(long seed) {
    return with("seed", seed);
  }
}
