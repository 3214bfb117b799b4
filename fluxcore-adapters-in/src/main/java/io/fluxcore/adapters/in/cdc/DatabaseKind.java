package io.fluxcore.adapters.in.cdc;

import io.fluxcore.domain.event.Schema;
import java.sql.SQLException;
import java.util.Properties;

/** What differs from database to database. Thread-safe. */
interface DatabaseKind {
  /** Name of the option's value. */
  String name();

  int defaultPort();

  /** Whether the log is kept by slots, and tables are in publications. */
  boolean hasSlots();

  /**
   * Looks whether what is needed is on the class path.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if not, with what to add
   */
  void requireLibraries(String connector);

  /** The address for JDBC. */
  String url(CdcOptions options);

  /** Settings of connections, beside user and password. */
  void login(Properties properties);

  /** Whether the database has refused the user, so that another try has no use. */
  boolean isRefusal(SQLException e);

  /**
   * Looks whether the database is as it must be.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if not, with what to do
   */
  void check(CdcOptions options);

  /** Whether a run that takes a snapshot only will say that it has ended. */
  boolean tellsEndOfSnapshot(CdcOptions options);

  /**
   * Looks whether the database still has what follows a position.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if not
   */
  void checkPosition(CdcOptions options, ChangePosition position);

  /**
   * Whether a place lies before (negative), at (0) or behind another one, that is known from
   * before; the snapshot comes first.
   */
  int compare(String place, String known);

  /**
   * Begins to read.
   *
   * @param wanted the fields that are asked for
   * @param from where; the snapshot is behind it if it has a place
   * @param arrived called when there is something to take, on any thread
   */
  ChangeRun start(CdcOptions options, Schema wanted, ChangePosition from, Runnable arrived);
}
