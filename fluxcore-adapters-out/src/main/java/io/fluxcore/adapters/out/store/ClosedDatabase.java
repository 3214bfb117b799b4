package io.fluxcore.adapters.out.store;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import java.util.Set;

/**
 * Takes connections of a database that has closed itself out of the pool. H2 does so when it cannot
 * write, as on a full disk; a new connection opens it again. The pool would not notice: it does not
 * know H2's codes, and looks at no connection that was used in the last half second.
 */
final class ClosedDatabase implements SQLExceptionOverride {
  /** H2's DATABASE_IS_CLOSED, DATABASE_CALLED_AT_SHUTDOWN, CONNECTION_BROKEN, OBJECT_CLOSED. */
  private static final Set<Integer> CLOSED = Set.of(90098, 90121, 90067, 90007);

  @java.lang.Override
  public Override adjudicate(SQLException e) {
    return CLOSED.contains(e.getErrorCode()) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
  }
}
