package io.fluxcore.adapters.out.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.fluxcore.application.checkpoint.CheckpointRegistry;
import io.fluxcore.application.deadletter.DeadLetterRetention;
import io.fluxcore.application.deadletter.DeadLetters;
import io.fluxcore.application.job.JobEntry;
import io.fluxcore.application.job.JobStore;
import io.fluxcore.application.job.JobText;
import io.fluxcore.application.operation.OperationStore;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of jobs in one database: the jobs, their dead letters, and the operations on them.
 * Its tables are called {@code fluxcore_…}; they are made, and brought up to date, when it is
 * opened. Thread-safe.
 *
 * <p>H2 in a file belongs to one process. PostgreSQL serves several servers at the same time.
 */
public final class JdbcStore implements AutoCloseable {
  private static final String CHECKPOINTS = "checkpoints";

  /** H2's number for a file that another process has open. */
  private static final int DATABASE_ALREADY_OPEN = 90020;

  private final DataSource source;
  private final @Nullable HikariDataSource ours;
  private final Database database;
  private final boolean shared;

  private JdbcStore(
      DataSource source, @Nullable HikariDataSource ours, boolean shared, Uninterrupted threads) {
    this.source = source;
    this.ours = ours;
    this.database = new Database(source, threads);
    this.shared = shared;
  }

  /**
   * The store in a directory, as an H2 database in a file.
   *
   * @throws FluxCoreException of category STATE_CONFLICT if another process has it open; of
   *     EXTERNAL if it cannot be opened
   */
  public static JdbcStore inDirectory(Path directory) {
    return at(urlOf(directory), null, null);
  }

  static String urlOf(Path directory) {
    // Without delay: what was written must be there after the process was killed.
    return "jdbc:h2:file:"
        + directory.toAbsolutePath().normalize().resolve("jobs")
        + ";WRITE_DELAY=0;LOCK_TIMEOUT=20000;DB_CLOSE_ON_EXIT=FALSE";
  }

  /**
   * The store at an address of JDBC, with connections of its own.
   *
   * @param url of H2 or PostgreSQL
   * @throws FluxCoreException as {@link #of} does
   */
  public static JdbcStore at(String url, @Nullable String user, @Nullable String password) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername(user);
    config.setPassword(password);
    config.setPoolName("fluxcore-store");
    config.setMaximumPoolSize(8);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(5_000);
    config.setInitializationFailTimeout(1);
    config.setExceptionOverride(new ClosedDatabase());
    if (url.startsWith("jdbc:postgresql:")) {
      // A server that is paused amid a transaction would keep its locks, and its successor waiting.
      config.setConnectionInitSql("set idle_in_transaction_session_timeout = '5s'");
    }
    HikariDataSource pool;
    try {
      pool = new HikariDataSource(config);
    } catch (HikariPool.PoolInitializationException e) {
      throw notOpened(e);
    } catch (RuntimeException e) {
      throw unusable("there is no driver for " + url + ": " + e.getMessage(), e);
    }
    try {
      return open(pool, pool);
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  /**
   * The store in a database of the application, whose connections it uses and leaves open.
   *
   * @throws FluxCoreException of category STATE_CONFLICT if another process has the file open, or a
   *     newer version of FluxCore made the tables; of USER if it is neither H2 nor PostgreSQL; of
   *     EXTERNAL if it does not answer
   */
  public static JdbcStore of(DataSource source) {
    return open(source, null);
  }

  private static JdbcStore open(DataSource source, @Nullable HikariDataSource ours) {
    String product = product(source);
    boolean postgres = product.equals("postgresql");
    if (!postgres && !product.equals("h2")) {
      throw unusable("jobs cannot be kept in " + product, null);
    }
    migrate(source);
    boolean remote = postgres || isRemote(source);
    JdbcStore store =
        new JdbcStore(
            source, ours, remote, remote ? Uninterrupted.HERE : Uninterrupted.onOtherThreads());
    if (!store.shared) {
      store.forget("");
    }
    return store;
  }

  /** Whether H2 runs in a server of its own, which may serve several processes. */
  private static boolean isRemote(DataSource source) {
    try (Connection connection = source.getConnection()) {
      String url = connection.getMetaData().getURL();
      return url.startsWith("jdbc:h2:tcp:") || url.startsWith("jdbc:h2:ssl:");
    } catch (SQLException e) {
      throw notOpened(e);
    }
  }

  /**
   * Gives free the jobs of servers that are known to have ended, without waiting for their leases
   * to run out.
   *
   * @param names how the names of those servers begin
   */
  public void forget(String names) {
    database.transaction(
        session ->
            session.update(
                "update fluxcore_job set server = null where substring(server, 1, ?) = ?",
                names.length(),
                names));
  }

  private static String product(DataSource source) {
    try (Connection connection = source.getConnection()) {
      return connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
    } catch (SQLException e) {
      throw notOpened(e);
    }
  }

  private static FluxCoreException notOpened(Exception e) {
    SQLException why = null;
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (at instanceof SQLException sql) {
        why = sql;
        if (sql.getErrorCode() == DATABASE_ALREADY_OPEN) {
          return openElsewhere(sql);
        }
      }
    }
    return Database.unavailable(why == null ? new SQLException(e) : why);
  }

  private static FluxCoreException openElsewhere(SQLException e) {
    return new FluxCoreException(
        ErrorCategory.STATE_CONFLICT,
        List.of(
            Diagnostic.error(
                "FLX-STORE-0003",
                Place.of("job store"),
                "another process has the database of jobs open, and a file serves one: "
                    + e.getMessage(),
                "stop that process, name another directory, or keep the jobs in PostgreSQL and the"
                    + " checkpoints in a directory that the servers share")),
        e);
  }

  private static FluxCoreException unusable(String message, @Nullable Throwable cause) {
    return new FluxCoreException(
        ErrorCategory.USER,
        List.of(
            Diagnostic.error(
                "FLX-STORE-0005",
                Place.of("job store"),
                message,
                "jobs are kept in H2 (jdbc:h2:file:…) or PostgreSQL (jdbc:postgresql://…), with"
                    + " the driver on the class path")),
        cause);
  }

  private static void migrate(DataSource source) {
    try {
      Flyway.configure(JdbcStore.class.getClassLoader())
          .dataSource(source)
          .locations("classpath:io/fluxcore/adapters/out/store")
          .table("fluxcore_schema_history")
          // Tables of the application beside ours are none of our business.
          .baselineOnMigrate(true)
          .baselineVersion("0")
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new FluxCoreException(
          ErrorCategory.STATE_CONFLICT,
          List.of(
              Diagnostic.error(
                  "FLX-STORE-0008",
                  Place.of("job store"),
                  "the tables of jobs cannot be brought up to date: " + e.getMessage(),
                  "a newer version of FluxCore may have made them: run that one; or the user of the"
                      + " database may make no tables: let it")),
          e);
    }
  }

  /** Whether several servers may use it at the same time. */
  public boolean isShared() {
    return shared;
  }

  /**
   * The jobs.
   *
   * @param text writes configurations down
   * @param lease how long a server has a job without renewing that
   */
  public JobStore jobs(JobText text, Duration lease) {
    return new JdbcJobStore(database, text, lease);
  }

  /** Which checkpoints and savepoints are complete. */
  public CheckpointRegistry checkpoints() {
    return new JdbcCheckpointRegistry(database);
  }

  public OperationStore operations() {
    return new JdbcOperationStore(database);
  }

  /**
   * Dead letters.
   *
   * @param limit letters of one job that are kept, the newest
   */
  public DeadLetters deadLetters(int limit) {
    return deadLetters(DeadLetterRetention.ofLetters(limit), InstantSource.system());
  }

  /** Dead letters that are kept so long. */
  public DeadLetters deadLetters(DeadLetterRetention retention, InstantSource time) {
    return new JdbcDeadLetters(database, retention, time);
  }

  /**
   * Says where this server's checkpoints are. All servers of a store must have the same, or a job
   * that one takes on from another would begin anew.
   *
   * @param identity of the place, such as that of a directory
   * @throws FluxCoreException of category STATE_CONFLICT if the jobs that are not over have their
   *     checkpoints elsewhere
   */
  public void checkpointsAreAt(String identity, List<JobEntry> jobs) {
    boolean free = jobs.stream().allMatch(job -> job.status().isTerminal());
    String known =
        database.transaction(
            session -> {
              Optional<String> before =
                  session.first(
                      "select content from fluxcore_setting where name = ? for update",
                      row -> row.getString(1),
                      CHECKPOINTS);
              if (before.isEmpty()) {
                session.update(
                    "insert into fluxcore_setting (name, content) values (?, ?)",
                    CHECKPOINTS,
                    identity);
                return identity;
              }
              if (free && !before.get().equals(identity)) {
                session.update(
                    "update fluxcore_setting set content = ? where name = ?",
                    identity,
                    CHECKPOINTS);
                return identity;
              }
              return before.get();
            });
    if (!known.equals(identity)) {
      throw new FluxCoreException(
          ErrorCategory.STATE_CONFLICT,
          Diagnostic.error(
              "FLX-STORE-0004",
              Place.of("checkpoints"),
              "this server keeps its checkpoints at "
                  + identity
                  + ", and the jobs of the store have theirs at "
                  + known
                  + ": it could not go on with them",
              "give all servers of a store the same directory for checkpoints, or each a store of"
                  + " its own"));
    }
  }

  /** Closes what it opened; connections of the application stay open. */
  @Override
  public void close() {
    if (ours != null) {
      ours.close();
    }
  }

  @Override
  public String toString() {
    return "jobs in " + source;
  }
}
