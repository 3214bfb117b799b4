package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.deadletter.DeadLetter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter.
 *
 * @param id of the letter
 * @param job id of its job
 * @param jobName name of its job
 * @param state WAITING or REPLAYED
 * @param content what would be replayed
 * @param original as it was, where somebody has mended it; else null
 */
record DeadLetterResource(
    String id,
    String job,
    String jobName,
    String operator,
    String source,
    String split,
    String position,
    String state,
    String code,
    String message,
    int attempts,
    Instant failedAt,
    Content content,
    @Nullable Content original) {
  /**
   * What failed.
   *
   * @param text the record, where it is UTF-8
   * @param base64 the record, where it is not
   * @param timestamp event time of the row
   * @param kind of the row
   * @param fields of the row
   */
  record Content(
      @Nullable String text,
      @Nullable String base64,
      @Nullable Instant timestamp,
      @Nullable String kind,
      @Nullable Map<String, @Nullable Object> fields) {
    static Content of(DeadLetter.Content content) {
      byte[] bytes = content.bytes();
      String text = bytes == null ? null : utf8(bytes);
      DeadLetter.Row row = content.row();
      return new Content(
          text,
          bytes == null || text != null ? null : Base64.getEncoder().encodeToString(bytes),
          row == null || row.timestamp() == Long.MIN_VALUE
              ? null
              : Instant.ofEpochMilli(row.timestamp()),
          row == null ? null : row.kind(),
          row == null ? null : row.fields());
    }

    private static @Nullable String utf8(byte[] bytes) {
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      } catch (CharacterCodingException e) {
        return null;
      }
    }
  }

  static DeadLetterResource of(DeadLetter letter) {
    return new DeadLetterResource(
        Long.toString(letter.id()),
        letter.jobId().value(),
        letter.jobName(),
        letter.operatorId(),
        letter.origin().source(),
        letter.origin().split(),
        letter.origin().position(),
        letter.state().name(),
        letter.failure().code(),
        letter.failure().message(),
        letter.failure().attempts(),
        letter.failure().time(),
        Content.of(letter.content()),
        letter.repair() == null ? null : Content.of(letter.original()));
  }
}
