package io.fluxcore.domain.topology;

import java.util.List;

/** Collects the settings of a source of Redis' streams. Not thread-safe. */
public final class RedisSourceBuilder extends SourceBuilder<RedisSourceBuilder> {
  RedisSourceBuilder() {
    super("redis", null);
  }

  /** Where Redis is: {@code redis://host:port/database}. */
  public RedisSourceBuilder withUri(String uri) {
    return with("uri", uri);
  }

  /** A file whose first line is the password. */
  public RedisSourceBuilder withPasswordFile(String file) {
    return with("passwordFile", file);
  }

  /** The streams. */
  public RedisSourceBuilder withStream(String... streams) {
    return with("stream", List.of(streams));
  }

  /** Where a first start begins: {@code earliest}, {@code latest} or {@code id}. */
  public RedisSourceBuilder withStartFrom(String start) {
    return with("startFrom", start);
  }

  /** The field of entries that holds the message, and how it is written, such as {@code json}. */
  public RedisSourceBuilder withPayload(String field, String format) {
    return with("payload", field).with("format", format);
  }
}
