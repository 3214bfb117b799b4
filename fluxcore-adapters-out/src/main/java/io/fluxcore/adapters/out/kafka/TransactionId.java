package io.fluxcore.adapters.out.kafka;

import io.fluxcore.application.connector.SinkOwner;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How transactional ids are made: {@code prefix-job-operator.token.subtask.writer.number}. By the
 * owner's token it is seen who began a transaction, by the writer's random word no two writers ever
 * use the same id, and the number counts those that a writer needs side by side.
 */
final class TransactionId {
  private static final Pattern REST = Pattern.compile("(\\d+)\\..+");

  private TransactionId() {}

  /** The beginning of all ids of a sink of a job. */
  static String prefix(String configured, SinkOwner owner) {
    return configured
        + "-"
        + owner.job()
        + "-"
        + URLEncoder.encode(owner.operatorId(), StandardCharsets.UTF_8).replace(".", "%2E")
        + ".";
  }

  /** The beginning of all ids of a writer. */
  static String ofWriter(String configured, SinkOwner owner, int subtask, String word) {
    return prefix(configured, owner) + owner.token().value() + "." + subtask + "." + word + ".";
  }

  /** The id that only says that this owner was here; there is no transaction of it. */
  static String ofOwner(String configured, SinkOwner owner) {
    return prefix(configured, owner) + owner.token().value() + ".owner";
  }

  /**
   * The token of whom an id is.
   *
   * @return null if it does not begin with the prefix
   */
  static @Nullable Long token(String prefix, String id) {
    if (!id.startsWith(prefix)) {
      return null;
    }
    Matcher rest = REST.matcher(id.substring(prefix.length()));
    return rest.matches() ? Long.valueOf(rest.group(1)) : null;
  }
}
