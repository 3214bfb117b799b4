package io.fluxcore.adapters.out.jdbc;

import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Rows in a table, at least once: they are visible as soon as they are sent, and those since the
 * last checkpoint are sent again after a failure. With keys that changes nothing in the end.
 */
final class DirectSink implements Sink {
  private final JdbcOptions options;
  private final Schema rows;
  private final Connections connections;

  DirectSink(JdbcOptions options, Schema rows) {
    this.options = options;
    this.rows = rows;
    this.connections = new Connections(options);
  }

  @Override
  public @Nullable DeliveryGuarantee guarantee() {
    return DeliveryGuarantee.AT_LEAST_ONCE;
  }

  @Override
  public Changes takes() {
    return options.upsert() ? Changes.upserts(options.keyFields()) : Changes.appends();
  }

  @Override
  public void check() {
    try {
      connections.once(
          connection -> {
            new Catalogue(connection, options, rows).find();
            return true;
          });
    } catch (SQLException e) {
      throw JdbcErrors.of(e, "look at", options, 0);
    }
  }

  @Override
  public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
    connections.open();
    try {
      Catalogue.Found found =
          connections.transaction(
              connection -> new Catalogue(connection, options, rows).findOrCreate());
      return new DirectWriter(options, connections, found);
    } catch (SQLException e) {
      connections.close();
      throw JdbcErrors.of(e, "begin to write to", options, 0);
    } catch (RuntimeException e) {
      connections.close();
      throw e;
    }
  }

  @Override
  public String toString() {
    return "jdbc sink to " + options;
  }
}
