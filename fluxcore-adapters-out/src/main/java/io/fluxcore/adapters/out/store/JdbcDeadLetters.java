package io.fluxcore.adapters.out.store;

import io.fluxcore.adapters.out.store.Database.Session;
import io.fluxcore.application.deadletter.DeadLetter;
import io.fluxcore.application.deadletter.DeadLetterCounts;
import io.fluxcore.application.deadletter.DeadLetterFilter;
import io.fluxcore.application.deadletter.DeadLetterPage;
import io.fluxcore.application.deadletter.DeadLetterRetention;
import io.fluxcore.application.deadletter.DeadLetters;
import io.fluxcore.domain.job.JobId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters in a database. Whoever changes letters of a job locks the row of its counts first,
 * so that changes come one after the other and counts and letters always agree. New letters of a
 * job come from the one server that has it.
 */
final class JdbcDeadLetters implements DeadLetters {
  private static final String COLUMNS =
      "select id, job_id, state, made_after, replayed_after, body, size_bytes"
          + " from fluxcore_dead_letter ";
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final Database database;
  private final DeadLetterRetention retention;
  private final InstantSource time;

  JdbcDeadLetters(Database database, DeadLetterRetention retention, InstantSource time) {
    this.database = database;
    this.retention = retention;
    this.time = time;
  }

  /** What a change does to the counts of a job. */
  private static final class Change {
    long added;
    long waiting;
    long replayed;
    long discarded;
    long letGo;
    long takenBack;
    long kept;
    long bytes;

    void count(DeadLetter.State state, int by) {
      if (state == DeadLetter.State.WAITING) {
        waiting += by;
      } else {
        replayed += by;
      }
    }

    void removed(Kept letter) {
      kept--;
      bytes -= letter.bytes();
    }
  }

  /** A letter and the size that it was counted with. */
  private record Kept(DeadLetter letter, long bytes) {
    long id() {
      return letter.id();
    }
  }

  @Override
  public synchronized DeadLetter add(DeadLetter letter) {
    String job = letter.jobId().value();
    String hash = letter.identity().map(JdbcDeadLetters::hash).orElse(null);
    return database.transaction(
        session -> {
          lock(session, job);
          Optional<Kept> known =
              hash == null
                  ? Optional.empty()
                  : session.first(
                      COLUMNS + "where job_id = ? and identity_hash = ?",
                      JdbcDeadLetters::kept,
                      job,
                      hash);
          if (known.isPresent()) {
            return known.get().letter();
          }
          session.update(
              "insert into fluxcore_dead_letter (job_id, operator_id, source, code, state,"
                  + " failed_nanos, made_after, replayed_after, size_bytes, identity_hash, body)"
                  + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
              job,
              letter.operatorId(),
              letter.origin().source(),
              letter.failure().code(),
              letter.state().name(),
              nanos(letter.failure().time()),
              letter.madeAfter(),
              letter.replayedAfter(),
              letter.estimatedBytes(),
              hash,
              LetterJson.write(letter));
          // Nobody else adds letters of this job before the end of the transaction.
          long id =
              session
                  .first(
                      "select max(id) from fluxcore_dead_letter where job_id = ?",
                      row -> row.getLong(1),
                      job)
                  .orElseThrow();
          Change change = new Change();
          change.added = 1;
          change.kept = 1;
          change.bytes = letter.estimatedBytes();
          change.count(letter.state(), 1);
          apply(session, job, change);
          expire(session, job);
          return letter.withId(id);
        });
  }

  private static String hash(String identity) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(identity.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static long nanos(Instant time) {
    return Math.addExact(
        Math.multiplyExact(time.getEpochSecond(), NANOS_PER_SECOND), time.getNano());
  }

  /** Keeps others from changing letters of the job until the end of the transaction. */
  private static void lock(Session session, String job) throws SQLException {
    if (session
        .first(
            "select 1 from fluxcore_dead_letter_count where job_id = ? for update", row -> 1, job)
        .isEmpty()) {
      session.update(
          "insert into fluxcore_dead_letter_count (job_id, added, waiting, replayed, discarded,"
              + " let_go, taken_back, kept, size_bytes) values (?, 0, 0, 0, 0, 0, 0, 0, 0)",
          job);
    }
  }

  private static void apply(Session session, String job, Change change) throws SQLException {
    session.update(
        "update fluxcore_dead_letter_count set added = added + ?, waiting = waiting + ?,"
            + " replayed = replayed + ?, discarded = discarded + ?, let_go = let_go + ?,"
            + " taken_back = taken_back + ?, kept = kept + ?, size_bytes = size_bytes + ?"
            + " where job_id = ?",
        change.added,
        change.waiting,
        change.replayed,
        change.discarded,
        change.letGo,
        change.takenBack,
        change.kept,
        change.bytes,
        job);
  }

  private static void delete(Session session, long id) throws SQLException {
    session.update("delete from fluxcore_dead_letter where id = ?", id);
  }

  // --- Retention --------------------------------------------------------------------------------

  private void expire(Session session, String job) throws SQLException {
    removeOld(session, job);
    Change change = new Change();
    long[] there =
        session
            .first(
                "select kept, size_bytes from fluxcore_dead_letter_count where job_id = ?",
                row -> new long[] {row.getLong(1), row.getLong(2)},
                job)
            .orElseThrow();
    while (there[0] + change.kept > 1
        && (there[0] + change.kept > retention.letters()
            || there[1] + change.bytes > retention.bytes())) {
      Kept oldest =
          session
              .first(
                  COLUMNS
                      + "where job_id = ? order by case when state = 'REPLAYED' then 0 else 1 end,"
                      + " id fetch first 1 rows only",
                  JdbcDeadLetters::kept,
                  job)
              .orElseThrow();
      letGo(session, oldest, change);
    }
    apply(session, job, change);
  }

  private void removeOld(Session session, String job) throws SQLException {
    if (retention.age() == null) {
      return;
    }
    Change change = new Change();
    for (Kept old :
        session.list(
            COLUMNS + "where job_id = ? and failed_nanos < ?",
            JdbcDeadLetters::kept,
            job,
            nanos(time.instant().minus(retention.age())))) {
      letGo(session, old, change);
    }
    apply(session, job, change);
  }

  /** A letter that was replayed leaves only its count behind; one that waited is lost. */
  private static void letGo(Session session, Kept letter, Change change) throws SQLException {
    delete(session, letter.id());
    change.removed(letter);
    if (letter.letter().state() == DeadLetter.State.WAITING) {
      change.waiting--;
      change.letGo++;
    }
  }

  /** So that nobody sees what is too old. */
  private synchronized void removeOld() {
    if (retention.age() == null) {
      return;
    }
    long oldest = nanos(time.instant().minus(retention.age()));
    List<String> jobs =
        database.transaction(
            session ->
                session.list(
                    "select distinct job_id from fluxcore_dead_letter where failed_nanos < ?",
                    row -> row.getString(1),
                    oldest));
    for (String job : jobs) {
      database.transaction(
          session -> {
            lock(session, job);
            removeOld(session, job);
            return job;
          });
    }
  }

  // --- Reading ----------------------------------------------------------------------------------

  private static Kept kept(ResultSet row) throws SQLException {
    return new Kept(
        LetterJson.read(
            row.getLong(1),
            new JobId(row.getString(2)),
            row.getString(3),
            row.getLong(4),
            row.getLong(5),
            row.getString(6)),
        row.getLong(7));
  }

  @Override
  public Optional<DeadLetter> find(long id) {
    removeOld();
    return database.transaction(session -> find(session, id).map(Kept::letter));
  }

  private static Optional<Kept> find(Session session, long id) throws SQLException {
    return session.first(COLUMNS + "where id = ?", JdbcDeadLetters::kept, id);
  }

  /** What a filter asks for, as a condition with its parameters. */
  private static String condition(DeadLetterFilter filter, List<Object> parameters) {
    StringBuilder sql = new StringBuilder("where id > ?");
    and(sql, parameters, "job_id = ?", filter.job() == null ? null : filter.job().value());
    and(sql, parameters, "operator_id = ?", filter.operator());
    and(sql, parameters, "source = ?", filter.source());
    and(sql, parameters, "code = ?", filter.code());
    and(sql, parameters, "state = ?", filter.state() == null ? null : filter.state().name());
    and(sql, parameters, "failed_nanos >= ?", filter.from() == null ? null : nanos(filter.from()));
    and(sql, parameters, "failed_nanos < ?", filter.to() == null ? null : nanos(filter.to()));
    return sql.toString();
  }

  private static void and(
      StringBuilder sql, List<Object> parameters, String condition, @Nullable Object value) {
    if (value != null) {
      sql.append(" and ").append(condition);
      parameters.add(value);
    }
  }

  @Override
  public DeadLetterPage list(DeadLetterFilter filter, long after, int limit) {
    removeOld();
    List<Object> parameters = new ArrayList<>(List.of(after));
    String sql = COLUMNS + condition(filter, parameters) + " order by id fetch first ? rows only";
    parameters.add(limit + 1L);
    List<DeadLetter> found =
        database.transaction(
            session ->
                session.list(sql, row -> kept(row).letter(), parameters.toArray(Object[]::new)));
    return found.size() <= limit
        ? new DeadLetterPage(found, null)
        : new DeadLetterPage(found.subList(0, limit), found.get(limit - 1).id());
  }

  @Override
  public long count(DeadLetterFilter filter) {
    removeOld();
    List<Object> parameters = new ArrayList<>(List.of(0L));
    String sql = "select count(*) from fluxcore_dead_letter " + condition(filter, parameters);
    return database.transaction(
        session ->
            session
                .first(sql, row -> row.getLong(1), parameters.toArray(Object[]::new))
                .orElse(0L));
  }

  @Override
  public DeadLetterCounts counts(JobId jobId) {
    removeOld();
    return database.transaction(
        session ->
            session
                .first(
                    "select added, waiting, replayed, discarded, let_go, taken_back"
                        + " from fluxcore_dead_letter_count where job_id = ?",
                    row ->
                        new DeadLetterCounts(
                            row.getLong(1),
                            row.getLong(2),
                            row.getLong(3),
                            row.getLong(4),
                            row.getLong(5),
                            row.getLong(6)),
                    jobId.value())
                .orElse(DeadLetterCounts.NONE));
  }

  // --- Changing ---------------------------------------------------------------------------------

  @Override
  public synchronized Optional<DeadLetter> change(long id, UnaryOperator<DeadLetter> change) {
    removeOld();
    return database.transaction(
        session -> {
          Optional<Kept> before = locked(session, id);
          return before.isEmpty()
              ? Optional.<DeadLetter>empty()
              : Optional.of(change(session, before.get(), change));
        });
  }

  /** A letter that nobody else changes until the end of the transaction. */
  private static Optional<Kept> locked(Session session, long id) throws SQLException {
    Optional<Kept> seen = find(session, id);
    if (seen.isEmpty()) {
      return seen;
    }
    lock(session, seen.get().letter().jobId().value());
    return find(session, id);
  }

  private static DeadLetter change(Session session, Kept before, UnaryOperator<DeadLetter> change)
      throws SQLException {
    DeadLetter after = change.apply(before.letter());
    session.update(
        "update fluxcore_dead_letter set code = ?, state = ?, failed_nanos = ?, replayed_after = ?,"
            + " size_bytes = ?, body = ? where id = ?",
        after.failure().code(),
        after.state().name(),
        nanos(after.failure().time()),
        after.replayedAfter(),
        after.estimatedBytes(),
        LetterJson.write(after),
        before.id());
    Change counts = new Change();
    counts.count(before.letter().state(), -1);
    counts.count(after.state(), 1);
    counts.bytes = after.estimatedBytes() - before.bytes();
    apply(session, after.jobId().value(), counts);
    return after;
  }

  @Override
  public synchronized boolean discard(long id) {
    removeOld();
    return database.transaction(
        session -> {
          Optional<Kept> letter = locked(session, id);
          if (letter.isEmpty()) {
            return false;
          }
          delete(session, id);
          Change change = new Change();
          change.removed(letter.get());
          if (letter.get().letter().state() == DeadLetter.State.WAITING) {
            change.waiting--;
            change.discarded++;
          }
          apply(session, letter.get().letter().jobId().value(), change);
          return true;
        });
  }

  @Override
  public synchronized void restored(JobId jobId, long checkpoint) {
    String job = jobId.value();
    database.transaction(
        session -> {
          if (session
              .first(
                  "select 1 from fluxcore_dead_letter_count where job_id = ? for update",
                  row -> 1,
                  job)
              .isEmpty()) {
            return job;
          }
          Change change = new Change();
          for (Kept again :
              session.list(
                  COLUMNS + "where job_id = ? and made_after >= ?",
                  JdbcDeadLetters::kept,
                  job,
                  checkpoint)) {
            delete(session, again.id());
            change.removed(again);
            change.count(again.letter().state(), -1);
            change.takenBack++;
          }
          apply(session, job, change);
          for (Kept undone :
              session.list(
                  COLUMNS + "where job_id = ? and state = 'REPLAYED' and replayed_after >= ?",
                  JdbcDeadLetters::kept,
                  job,
                  checkpoint)) {
            change(session, undone, DeadLetter::waitingAgain);
          }
          return job;
        });
  }
}
