package io.fluxcore.adapters.out.store;

import io.fluxcore.adapters.out.store.Database.Session;
import io.fluxcore.application.job.JobEntry;
import io.fluxcore.application.job.JobNameTakenException;
import io.fluxcore.application.job.JobStore;
import io.fluxcore.application.job.JobText;
import io.fluxcore.application.job.LeaseLostException;
import io.fluxcore.application.job.StoredJob;
import io.fluxcore.application.job.StoredTopology;
import io.fluxcore.domain.job.Job;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * Jobs in a database. Whoever writes of a job locks its row first and looks at the token, so that
 * writers of a job come one after the other and those of an older lease not at all.
 */
final class JdbcJobStore implements JobStore {
  private final Database database;
  private final JobText text;
  private final Duration lease;

  JdbcJobStore(Database database, JobText text, Duration lease) {
    this.database = database;
    this.text = text;
    this.lease = lease;
  }

  @Override
  public long add(StoredJob job, String server) {
    String name = job.config().name();
    return database.transaction(
        session -> {
          check(session, job.id(), name);
          insert(session, job, server);
          long number = 0;
          for (JobEvent event : job.history()) {
            insert(session, job.id(), ++number, event);
          }
          return 1L;
        });
  }

  private static void check(Session session, JobId id, String name) throws SQLException {
    if (session
        .first("select 1 from fluxcore_job where id = ?", row -> 1, id.value())
        .isPresent()) {
      throw new IllegalArgumentException("there is a job " + id + " already");
    }
    if (session
        .first("select 1 from fluxcore_job where active_name = ?", row -> 1, name)
        .isPresent()) {
      throw new JobNameTakenException(name);
    }
  }

  private void insert(Session session, StoredJob job, String server) throws SQLException {
    JobConfig config = job.config();
    JobStatus status = job.replay().status();
    try {
      session.update(
          "insert into fluxcore_job (id, name, active_name, version, status, submitted, config,"
              + " topology, bound, declaration, server, lease_until, token)"
              + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
              + Database.NOW
              + " + ?, 1)",
          job.id().value(),
          config.name(),
          status.isTerminal() ? null : config.name(),
          config.version(),
          status.name(),
          job.history().get(0).at().toString(),
          text.write(config),
          job.topology().text(),
          StoreJson.write(job.topology().bound()),
          job.topology().declaration(),
          server,
          lease.toMillis());
    } catch (SQLException e) {
      // Another server was faster, between the look and the leap.
      if (Database.isUniqueViolation(e)) {
        throw new JobNameTakenException(config.name());
      }
      throw e;
    }
  }

  private static void insert(Session session, JobId id, long number, JobEvent event)
      throws SQLException {
    session.update(
        "insert into fluxcore_job_event (job_id, number, type, body) values (?, ?, ?, ?)",
        id.value(),
        number,
        StoreJson.type(event),
        StoreJson.write(event));
  }

  @Override
  public void append(JobId id, long token, JobEvent event, JobStatus status) {
    database.transaction(
        session -> {
          lock(session, id, token);
          append(session, id, event, status);
          return id;
        });
  }

  @Override
  public void change(
      JobId id,
      long token,
      JobConfig config,
      StoredTopology topology,
      JobEvent event,
      JobStatus status) {
    database.transaction(
        session -> {
          lock(session, id, token);
          session.update(
              "update fluxcore_job set version = ?, config = ?, topology = ?, bound = ?,"
                  + " declaration = ? where id = ?",
              config.version(),
              text.write(config),
              topology.text(),
              StoreJson.write(topology.bound()),
              topology.declaration(),
              id.value());
          append(session, id, event, status);
          return id;
        });
  }

  /** Keeps others from writing of the job until the end of the transaction. */
  private static void lock(Session session, JobId id, long token) throws SQLException {
    long last =
        session
            .first(
                "select token from fluxcore_job where id = ? for update",
                row -> row.getLong(1),
                id.value())
            .orElseThrow(() -> unknown(id));
    if (last != token) {
      throw new LeaseLostException(id, token);
    }
  }

  private static IllegalArgumentException unknown(JobId id) {
    return new IllegalArgumentException("there is no job " + id);
  }

  private static void append(Session session, JobId id, JobEvent event, JobStatus status)
      throws SQLException {
    long last =
        session
            .first(
                "select max(number) from fluxcore_job_event where job_id = ?",
                row -> row.getLong(1),
                id.value())
            .orElse(0L);
    insert(session, id, last + 1, event);
    session.update(
        "update fluxcore_job set status = ?, active_name = case when ? then null else name end"
            + " where id = ?",
        status.name(),
        status.isTerminal(),
        id.value());
    if (event instanceof JobEvent.Checkpointed) {
      forgetOldCheckpoints(session, id, StoreJson.type(event));
    }
  }

  private static void forgetOldCheckpoints(Session session, JobId id, String type)
      throws SQLException {
    session.update(
        "delete from fluxcore_job_event where job_id = ? and type = ? and number <="
            + " (select number from fluxcore_job_event where job_id = ? and type = ?"
            + " order by number desc offset ? rows fetch next 1 rows only)",
        id.value(),
        type,
        id.value(),
        type,
        Job.KEPT_CHECKPOINTS);
  }

  @Override
  public Optional<StoredJob> find(JobId id) {
    return database.transaction(
        session -> {
          List<JobEvent> history =
              session.list(
                  "select type, body from fluxcore_job_event where job_id = ? order by number",
                  row -> StoreJson.event(row.getString(1), row.getString(2)),
                  id.value());
          return session.first(
              "select config, topology, bound, declaration from fluxcore_job where id = ?",
              row -> new StoredJob(id, text.readConfig(row.getString(1)), topology(row), history),
              id.value());
        });
  }

  private static StoredTopology topology(ResultSet row) throws SQLException {
    return new StoredTopology(
        row.getString(2), StoreJson.strings(row.getString(3)), row.getString(4));
  }

  @Override
  public List<JobEntry> entries() {
    return database.transaction(
        session ->
            session.list(
                "select id, name, version, status, submitted,"
                    + " case when lease_until > "
                    + Database.NOW
                    + " then server end from fluxcore_job order by number",
                JdbcJobStore::entry));
  }

  private static JobEntry entry(ResultSet row) throws SQLException {
    return new JobEntry(
        new JobId(row.getString(1)),
        row.getString(2),
        row.getString(3),
        JobStatus.valueOf(row.getString(4)),
        Instant.parse(row.getString(5)),
        row.getString(6));
  }

  @Override
  public OptionalLong acquire(JobId id, String server) {
    return database.transaction(
        session -> {
          int taken =
              session.update(
                  "update fluxcore_job set server = ?, token = token + 1, lease_until = "
                      + Database.NOW
                      + " + ? where id = ? and (server is null or server = ? or lease_until <= "
                      + Database.NOW
                      + ")",
                  server,
                  lease.toMillis(),
                  id.value(),
                  server);
          long token =
              session
                  .first(
                      "select token from fluxcore_job where id = ?",
                      row -> row.getLong(1),
                      id.value())
                  .orElseThrow(() -> unknown(id));
          return taken == 1 ? OptionalLong.of(token) : OptionalLong.empty();
        });
  }

  @Override
  public Set<JobId> renew(Map<JobId, Long> tokens) {
    if (tokens.isEmpty()) {
      return Set.of();
    }
    // In one order, so that two servers that renew the same rows do not wait for each other.
    Map<String, Long> inOrder = new TreeMap<>();
    tokens.forEach((id, token) -> inOrder.put(id.value(), token));
    return database.transaction(
        session -> {
          Set<JobId> held = new HashSet<>();
          for (Map.Entry<String, Long> lease : inOrder.entrySet()) {
            if (renew(session, lease.getKey(), lease.getValue())) {
              held.add(new JobId(lease.getKey()));
            }
          }
          return Set.copyOf(held);
        });
  }

  private boolean renew(Session session, String id, long token) throws SQLException {
    int renewed =
        session.update(
            "update fluxcore_job set lease_until = "
                + Database.NOW
                + " + ? where id = ? and token = ? and server is not null",
            lease.toMillis(),
            id,
            token);
    return renewed == 1;
  }

  @Override
  public boolean isHeld(JobId id, long token) {
    return database.transaction(
        session ->
            session
                .first(
                    "select token, case when server is not null and lease_until > "
                        + Database.NOW
                        + " then 1 else 0 end from fluxcore_job where id = ?",
                    row -> row.getLong(1) == token && row.getInt(2) == 1,
                    id.value())
                .orElseThrow(() -> unknown(id)));
  }

  @Override
  public void release(JobId id, long token) {
    database.transaction(
        session ->
            session.update(
                "update fluxcore_job set server = null where id = ? and token = ?",
                id.value(),
                token));
  }
}
