package io.fluxcore.adapters.in.jdbc;

import org.junit.jupiter.api.Nested;

/** The source on H2. */
final class H2JdbcSourceTest {
  private static final TestDatabase DATABASE = TestDatabase.h2("jdbc-source");

  @Nested
  class Contracts extends JdbcSourceContracts {
    @Override
    TestDatabase database() {
      return DATABASE;
    }
  }

  @Nested
  class Behaviour extends JdbcSourceBehaviour {
    @Override
    TestDatabase database() {
      return DATABASE;
    }
  }
}
