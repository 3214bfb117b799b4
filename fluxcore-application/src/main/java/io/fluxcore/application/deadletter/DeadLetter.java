package io.fluxcore.application.deadletter;

import io.fluxcore.domain.job.JobId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A row or record that could not be processed, kept so that it can be looked at, repaired and
 * replayed.
 *
 * @param id given by what keeps it, rising; 0 before
 * @param jobId the job
 * @param jobName its name
 * @param operatorId where it failed: the source, for a record that could not be decoded
 * @param origin where it came from
 * @param original as it was
 * @param repair as somebody mended it, or null
 * @param failure why it failed the last time
 * @param state what has become of it
 * @param madeAfter the last checkpoint of its subtask before it was made; {@link #FOR_GOOD} where
 *     going back to a checkpoint does not read it again
 * @param replayedAfter the last checkpoint of the subtask before it was replayed with success, or
 *     {@link #FOR_GOOD} while it was not
 */
public record DeadLetter(
    long id,
    JobId jobId,
    String jobName,
    String operatorId,
    Origin origin,
    Content original,
    @Nullable Content repair,
    Failure failure,
    State state,
    long madeAfter,
    long replayedAfter) {
  /** No checkpoint comes before this. */
  public static final long FOR_GOOD = -1;

  /** What has become of a letter. */
  public enum State {
    /** It waits for somebody. */
    WAITING,
    /** It was given to its operator again, which has processed it. */
    REPLAYED
  }

  /**
   * Where a letter came from; empty texts where that is not known.
   *
   * @param source name of the source in the topology
   * @param split the part of the source: a file, a partition
   * @param position where it was: {@code access.log:4711}, {@code events@1099}; for a row that
   *     failed behind the source the positions between which it was read
   */
  public record Origin(String source, String split, String position) {
    /** Not known. */
    public static final Origin UNKNOWN = new Origin("", "", "");
  }

  /**
   * What failed.
   *
   * @param bytes the original record where the source gives it, else null
   * @param row the row where it had been decoded, else null
   */
  public record Content(byte @Nullable [] bytes, @Nullable Row row) {
    public Content {
      if (bytes == null && row == null) {
        throw new IllegalArgumentException("a dead letter has bytes or a row");
      }
    }

    /** A record of a source. */
    public static Content ofBytes(byte[] bytes) {
      return new Content(bytes, null);
    }

    /** A row whose record is not known. */
    public static Content ofRow(Row row) {
      return new Content(null, row);
    }

    /** An estimate of the memory that it takes. */
    public long estimatedBytes() {
      long size = bytes == null ? 0 : bytes.length;
      return row == null ? size : size + row.estimatedBytes();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Content that
          && java.util.Arrays.equals(bytes, that.bytes)
          && Objects.equals(row, that.row);
    }

    @Override
    public int hashCode() {
      return 31 * java.util.Arrays.hashCode(bytes) + Objects.hashCode(row);
    }

    @Override
    public String toString() {
      return row != null
          ? row.toString()
          : new String(Objects.requireNonNull(bytes), StandardCharsets.UTF_8);
    }
  }

  /**
   * A row in plain values.
   *
   * @param timestamp event time, epoch milliseconds; {@link Long#MIN_VALUE} for none
   * @param kind name of its {@link io.fluxcore.domain.event.RowKind}
   * @param fields by name, as {@link io.fluxcore.domain.event.PlainValues} has them
   */
  public record Row(long timestamp, String kind, Map<String, @Nullable Object> fields) {
    // Written out: a compact constructor does not tell other modules that values may be null.
    public Row(long timestamp, String kind, Map<String, @Nullable Object> fields) {
      this.timestamp = timestamp;
      this.kind = kind;
      this.fields = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(fields));
    }

    long estimatedBytes() {
      long size = 16;
      for (Map.Entry<String, @Nullable Object> field : fields.entrySet()) {
        Object value = field.getValue();
        size += field.getKey().length() + (value == null ? 4L : value.toString().length());
      }
      return size;
    }
  }

  /**
   * Why a letter failed.
   *
   * @param code stable code of the error
   * @param message what is wrong
   * @param attempts how often it was tried in all
   * @param time when it failed the last time
   */
  public record Failure(String code, String message, int attempts, Instant time) {}

  /** A letter that is new. */
  public static DeadLetter of(
      JobId jobId,
      String jobName,
      String operatorId,
      Origin origin,
      Content original,
      Failure failure,
      long madeAfter) {
    return new DeadLetter(
        0,
        jobId,
        jobName,
        operatorId,
        origin,
        original,
        null,
        failure,
        State.WAITING,
        madeAfter,
        FOR_GOOD);
  }

  /** What would be replayed. */
  public Content content() {
    return repair == null ? original : repair;
  }

  /** Whether it is a record that its source could not decode. */
  public boolean isUndecoded() {
    return operatorId.equals(origin.source()) && original.row() == null;
  }

  /**
   * What tells this letter from all others of its job: the exact place of a record. A row behind
   * the source has no such place.
   */
  public Optional<String> identity() {
    return isUndecoded() && !origin.position().isEmpty()
        ? Optional.of(operatorId + "\n" + origin.split() + "\n" + origin.position())
        : Optional.empty();
  }

  /** An estimate of the memory that it takes. */
  public long estimatedBytes() {
    return 200
        + failure.message().length()
        + original.estimatedBytes()
        + (repair == null ? 0 : repair.estimatedBytes());
  }

  /** The same under an id. */
  public DeadLetter withId(long newId) {
    return new DeadLetter(
        newId,
        jobId,
        jobName,
        operatorId,
        origin,
        original,
        repair,
        failure,
        state,
        madeAfter,
        replayedAfter);
  }

  /** The same as somebody mended it; null: as it was. */
  public DeadLetter repaired(@Nullable Content mended) {
    return new DeadLetter(
        id,
        jobId,
        jobName,
        operatorId,
        origin,
        original,
        mended,
        failure,
        state,
        madeAfter,
        replayedAfter);
  }

  /** The operator has processed it now. */
  public DeadLetter replayed(long checkpointBefore, Instant now) {
    return with(
        new Failure(failure.code(), failure.message(), failure.attempts() + 1, now),
        State.REPLAYED,
        checkpointBefore);
  }

  /** The operator could not process it again. */
  public DeadLetter failedAgain(String code, String message, Instant now) {
    return with(new Failure(code, message, failure.attempts() + 1, now), State.WAITING, FOR_GOOD);
  }

  /** What its replay did is undone. */
  public DeadLetter waitingAgain() {
    return with(failure, State.WAITING, FOR_GOOD);
  }

  private DeadLetter with(Failure newFailure, State newState, long newReplayedAfter) {
    return new DeadLetter(
        id,
        jobId,
        jobName,
        operatorId,
        origin,
        original,
        repair,
        newFailure,
        newState,
        madeAfter,
        newReplayedAfter);
  }
}
