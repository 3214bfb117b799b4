package io.fluxcore.adapters.out.jdbc;

/** Rows that are looked up in H2. */
final class H2JdbcLookupTest extends JdbcLookupCases {
  private final TestDatabase database = TestDatabase.h2("lookup");

  @Override
  TestDatabase database() {
    return database;
  }

  @Override
  protected boolean hasFaults() {
    return false; // it is in the process
  }
}
