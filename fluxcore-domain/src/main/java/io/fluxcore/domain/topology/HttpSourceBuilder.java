package io.fluxcore.domain.topology;

/**
 * Collects the settings of a source that events are published into from outside. Not thread-safe.
 */
public final class HttpSourceBuilder extends SourceBuilder<HttpSourceBuilder> {
  HttpSourceBuilder() {
    super("http", null);
  }

  /** The name that publishers call the stream by. */
  public HttpSourceBuilder withStream(String name) {
    return with("stream", name);
  }

  /** Keeps events in this directory until a checkpoint holds them; otherwise a crash loses some. */
  public HttpSourceBuilder withSpool(String directory) {
    return with("spool", directory);
  }
}
