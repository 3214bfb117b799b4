package io.fluxcore.adapters.out.store;

import io.fluxcore.application.runtime.DeadLetter;
import io.fluxcore.application.runtime.DeadLetters;
import io.fluxcore.domain.job.JobId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/**
 * Dead letters in a database, the newest of each job up to a limit. They are numbered by job, so
 * that the last number is their count. Letters of a job come from the one server that has it, which
 * adds them one after the other.
 */
final class JdbcDeadLetters implements DeadLetters {
  private final Database database;
  private final int limit;

  JdbcDeadLetters(Database database, int limit) {
    this.database = database;
    this.limit = limit;
  }

  @Override
  public synchronized void add(DeadLetter letter) {
    String job = letter.jobId().value();
    database.transaction(
        session -> {
          long number =
              session
                      .first(
                          "select max(number) from fluxcore_dead_letter where job_id = ?",
                          row -> row.getLong(1),
                          job)
                      .orElse(0L)
                  + 1;
          session.update(
              "insert into fluxcore_dead_letter (job_id, number, operator_id, code, at, attempts,"
                  + " coordinates, message, row_text, bytes) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
              job,
              number,
              letter.operatorId(),
              letter.code(),
              letter.time().toString(),
              letter.attempts(),
              letter.coordinates(),
              letter.message(),
              letter.row(),
              letter.bytes());
          return session.update(
              "delete from fluxcore_dead_letter where job_id = ? and number <= ?",
              job,
              number - limit);
        });
  }

  @Override
  public List<DeadLetter> of(JobId jobId) {
    return database.transaction(
        session ->
            session.list(
                "select operator_id, bytes, row_text, coordinates, code, message, attempts, at"
                    + " from fluxcore_dead_letter where job_id = ? order by number",
                row -> letter(jobId, row),
                jobId.value()));
  }

  private static DeadLetter letter(JobId jobId, ResultSet row) throws SQLException {
    return new DeadLetter(
        jobId,
        row.getString(1),
        row.getBytes(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getInt(7),
        Instant.parse(row.getString(8)));
  }

  @Override
  public long count(JobId jobId) {
    return database.transaction(
        session ->
            session
                .first(
                    "select max(number) from fluxcore_dead_letter where job_id = ?",
                    row -> row.getLong(1),
                    jobId.value())
                .orElse(0L));
  }
}
