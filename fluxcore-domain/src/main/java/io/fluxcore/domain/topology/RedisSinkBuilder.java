package io.fluxcore.domain.topology;

import java.time.Duration;

/** Collects the settings of a Redis sink. Not thread-safe. */
public final class RedisSinkBuilder extends SinkBuilder<RedisSinkBuilder> {
  RedisSinkBuilder() {
    super("redis", null);
  }

  /** Where Redis is: {@code redis://host:port/database}. */
  public RedisSinkBuilder withUri(String uri) {
    return with("uri", uri);
  }

  /**
   * What a row becomes: {@code set}, {@code hash}, {@code stream}, {@code list} or {@code publish}.
   */
  public RedisSinkBuilder withMode(String mode) {
    return with("mode", mode);
  }

  /** The key, such as {@code user:{id}}, or the name of the stream, list or channel. */
  public RedisSinkBuilder withKey(String key) {
    return with("key", key);
  }

  /** How long keys and hashes stay. */
  public RedisSinkBuilder withTimeToLive(Duration time) {
    return with("ttl", time);
  }

  /** A file whose first line is the password. */
  public RedisSinkBuilder withPasswordFile(String file) {
    return with("passwordFile", file);
  }
}
