package io.fluxcore.adapters.out.elasticsearch;

import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows as documents. With ids that follow from the row, writing a row again changes nothing, so
 * that what is sent again after a failure leaves each document once.
 */
final class ElasticsearchSink implements Sink {
  private final ElasticsearchOptions options;
  private final Schema rows;

  ElasticsearchSink(ElasticsearchOptions options, Schema rows) {
    this.options = options;
    this.rows = rows;
  }

  @Override
  public @Nullable DeliveryGuarantee guarantee() {
    return options.ids() == DocumentIds.Kind.SERVER ? DeliveryGuarantee.AT_LEAST_ONCE : null;
  }

  /** A document is named by its index and id, and found by its shard. */
  @Override
  public @Nullable Changes takes() {
    if (options.ids() != DocumentIds.Kind.FIELDS || options.action() == Operation.Action.CREATE) {
      return Changes.appends();
    }
    if (options.index().hasTime()) {
      return null;
    }
    Set<String> key = new LinkedHashSet<>();
    for (int field : options.idFields()) {
      key.add(rows.field(field).name());
    }
    options.index().fields().forEach(field -> key.add(rows.field(field).name()));
    if (options.routingField() >= 0) {
      key.add(rows.field(options.routingField()).name());
    }
    return Changes.upserts(List.copyOf(key));
  }

  @Override
  public void check() {
    try (Cluster cluster = new Cluster(options)) {
      cluster.check();
    }
  }

  @Override
  public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
    return new BulkWriter(options, rows, new Cluster(options));
  }

  @Override
  public String toString() {
    return "elasticsearch sink to " + options;
  }
}
