package io.fluxcore.adapters.out.store;

import io.fluxcore.adapters.out.store.Database.Session;
import io.fluxcore.application.checkpoint.CheckpointEntry;
import io.fluxcore.application.checkpoint.CheckpointLocation;
import io.fluxcore.application.checkpoint.CheckpointRegistry;
import io.fluxcore.application.checkpoint.FencingToken;
import io.fluxcore.application.checkpoint.SavepointId;
import io.fluxcore.domain.job.JobId;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The list of checkpoints in a database. Whoever adds to a job's or takes from them locks the row
 * of its owner first and compares the token, so that this and the change are one step.
 */
final class JdbcCheckpointRegistry implements CheckpointRegistry {
  private static final int CLAIMS = 3;

  private final Database database;

  JdbcCheckpointRegistry(Database database) {
    this.database = database;
  }

  @Override
  public FencingToken claim(JobId job) {
    for (int attempt = 1; ; attempt++) {
      try {
        return database.transaction(session -> claim(session, job));
      } catch (Database.DuplicateException e) {
        // Two made the row at the same time: it is there now.
        if (attempt == CLAIMS) {
          throw e;
        }
      }
    }
  }

  private static FencingToken claim(Session session, JobId job) throws SQLException {
    int known =
        session.update(
            "update fluxcore_checkpoint_owner set token = token + 1 where job_id = ?", job.value());
    if (known == 0) {
      session.update(
          "insert into fluxcore_checkpoint_owner (job_id, token) values (?, 1)", job.value());
    }
    return new FencingToken(
        session
            .first(
                "select token from fluxcore_checkpoint_owner where job_id = ?",
                row -> row.getLong(1),
                job.value())
            .orElseThrow());
  }

  @Override
  public boolean isCurrent(JobId job, FencingToken token) {
    return database.transaction(
        session ->
            session
                .first(
                    "select token from fluxcore_checkpoint_owner where job_id = ?",
                    row -> row.getLong(1) == token.value(),
                    job.value())
                .orElse(false));
  }

  /** Keeps the job's owner until the end of the transaction. */
  private static void requireCurrent(Session session, JobId job, FencingToken token)
      throws SQLException {
    boolean current =
        session
            .first(
                "select token from fluxcore_checkpoint_owner where job_id = ? for update",
                row -> row.getLong(1) == token.value(),
                job.value())
            .orElse(false);
    if (!current) {
      throw CheckpointRegistry.staleOwner(job, token);
    }
  }

  @Override
  public void register(CheckpointEntry entry, FencingToken owner) {
    database.transaction(
        session -> {
          requireCurrent(session, entry.job(), owner);
          requireNew(session, entry);
          long last =
              session
                  .first(
                      "select max(number) from fluxcore_checkpoint where job_id = ? and not"
                          + " imported",
                      row -> row.getLong(1),
                      entry.job().value())
                  .orElse(0L);
          boolean any = !list(session, entry.job()).isEmpty();
          if (any && last >= entry.checkpointId()) {
            throw new IllegalArgumentException(
                "checkpoint " + entry.checkpointId() + " comes after " + last);
          }
          return insert(session, entry, false);
        });
  }

  private static void requireNew(Session session, CheckpointEntry entry) throws SQLException {
    SavepointId savepoint = entry.savepoint();
    boolean taken =
        session
            .first(
                "select 1 from fluxcore_checkpoint where (job_id = ? and name = ?)"
                    + " or savepoint = ?",
                row -> 1,
                entry.job().value(),
                entry.location().name(),
                savepoint == null ? "" : savepoint.value())
            .isPresent();
    if (taken) {
      throw new IllegalArgumentException(entry.location() + " is listed already");
    }
  }

  private static int insert(Session session, CheckpointEntry entry, boolean imported)
      throws SQLException {
    SavepointId savepoint = entry.savepoint();
    return session.update(
        "insert into fluxcore_checkpoint (job_id, name, number, savepoint, imported, completed,"
            + " body) values (?, ?, ?, ?, ?, ?, ?)",
        entry.job().value(),
        entry.location().name(),
        entry.checkpointId(),
        savepoint == null ? null : savepoint.value(),
        imported,
        entry.completed().toString(),
        StoreJson.write(entry));
  }

  @Override
  public void importSavepoint(CheckpointEntry savepoint) {
    if (!savepoint.isSavepoint()) {
      throw new IllegalArgumentException(savepoint.location() + " is no savepoint");
    }
    database.transaction(
        session -> {
          requireNew(session, savepoint);
          return insert(session, savepoint, true);
        });
  }

  @Override
  public List<CheckpointEntry> restartPoints(JobId job) {
    return database.transaction(session -> list(session, job));
  }

  private static List<CheckpointEntry> list(Session session, JobId job) throws SQLException {
    return session.list(
        "select body from fluxcore_checkpoint where job_id = ? and not imported order by number",
        row -> StoreJson.checkpoint(row.getString(1)),
        job.value());
  }

  @Override
  public List<CheckpointEntry> savepoints() {
    List<CheckpointEntry> found =
        database.transaction(
            session ->
                session.list(
                    "select body from fluxcore_checkpoint where savepoint is not null",
                    row -> StoreJson.checkpoint(row.getString(1))));
    return found.stream().sorted(Comparator.comparing(CheckpointEntry::completed)).toList();
  }

  @Override
  public Optional<CheckpointEntry> savepoint(SavepointId id) {
    return database.transaction(
        session ->
            session.first(
                "select body from fluxcore_checkpoint where savepoint = ?",
                row -> StoreJson.checkpoint(row.getString(1)),
                id.value()));
  }

  @Override
  public void remove(CheckpointLocation location, FencingToken owner) {
    database.transaction(
        session -> {
          requireCurrent(session, location.job(), owner);
          boolean savepoint =
              session
                  .first(
                      "select savepoint from fluxcore_checkpoint where job_id = ? and name = ?",
                      row -> row.getString(1) != null,
                      location.job().value(),
                      location.name())
                  .orElse(false);
          if (savepoint) {
            throw new IllegalArgumentException(location + " is a savepoint");
          }
          return session.update(
              "delete from fluxcore_checkpoint where job_id = ? and name = ?",
              location.job().value(),
              location.name());
        });
  }

  @Override
  public boolean removeSavepoint(SavepointId id) {
    return database.transaction(
        session ->
            session.update("delete from fluxcore_checkpoint where savepoint = ?", id.value()) > 0);
  }
}
