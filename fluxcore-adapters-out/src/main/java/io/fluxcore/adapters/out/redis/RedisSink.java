package io.fluxcore.adapters.out.redis;

import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import org.jspecify.annotations.Nullable;

/**
 * Rows in Redis. Written again at their keys they change nothing; at the end of a stream or list,
 * or published, they come again after a failure.
 */
final class RedisSink implements Sink {
  private final RedisOptions options;
  private final Schema rows;

  RedisSink(RedisOptions options, Schema rows) {
    this.options = options;
    this.rows = rows;
  }

  @Override
  public @Nullable DeliveryGuarantee guarantee() {
    return options.mode().isByKey() ? null : DeliveryGuarantee.AT_LEAST_ONCE;
  }

  /** Rows whose key has the time of the event in it are deleted at that of their deletion. */
  @Override
  public @Nullable Changes takes() {
    if (!options.mode().isByKey() || options.key().hasTime()) {
      return null;
    }
    return Changes.upserts(
        options.key().fields().stream().map(field -> rows.field(field).name()).toList());
  }

  @Override
  public void check() {
    try (RedisLink link = new RedisLink(options.address())) {
      link.ping();
    }
  }

  @Override
  public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
    return new RedisWriter(options, rows, new RedisLink(options.address()));
  }

  @Override
  public String toString() {
    return "redis sink to " + options.key() + " at " + options.address().uri();
  }
}
