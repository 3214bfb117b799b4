package io.fluxcore.adapters.out.jdbc;

import org.junit.jupiter.api.Nested;

/** The sink on H2. */
final class H2JdbcSinkTest {
  private static final TestDatabase DATABASE = TestDatabase.h2("jdbc-sink");

  @Nested
  class Contracts extends JdbcSinkContracts {
    @Override
    TestDatabase database() {
      return DATABASE;
    }
  }

  @Nested
  class Behaviour extends JdbcSinkBehaviour {
    @Override
    TestDatabase database() {
      return DATABASE;
    }
  }
}
