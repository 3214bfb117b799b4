package io.fluxcore.adapters.out.jdbc;

import io.fluxcore.domain.join.Lookup;
import io.fluxcore.domain.join.LookupReader;
import io.fluxcore.domain.join.LookupTable;
import java.sql.SQLException;

/** A table that rows are looked up in. */
record JdbcLookup(JdbcOptions options, LookupTable table) implements Lookup {
  static final String DOING = "look rows up in";

  @Override
  public LookupReader createReader(String operatorId, int subtask) {
    return new JdbcLookupReader(options, table);
  }

  @Override
  public void check() {
    try {
      new Connections(options)
          .once(
              connection ->
                  new Catalogue(connection, options, JdbcLookupConnector.columns(table))
                      .findToRead());
    } catch (SQLException e) {
      throw JdbcErrors.of(e, DOING, options, 0);
    }
  }

  @Override
  public String toString() {
    return "jdbc lookup of " + options;
  }
}
