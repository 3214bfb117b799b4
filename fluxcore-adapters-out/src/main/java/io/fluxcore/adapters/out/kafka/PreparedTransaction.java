package io.fluxcore.adapters.out.kafka;

import io.fluxcore.application.connector.Sink.CommitHandle;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A transaction whose rows are at the brokers, and which is open: all that its commit needs.
 *
 * @param id the transactional id
 * @param beganMillis when it began, by the brokers' clock
 * @param rows how many messages are in it, for who reads of it
 */
record PreparedTransaction(String id, long producerId, short epoch, long beganMillis, long rows) {
  private static final Pattern TEXT =
      Pattern.compile("producer (\\d+), epoch (\\d+), began (\\d+), rows (\\d+), transaction (.+)");

  CommitHandle toHandle() {
    return new CommitHandle(
        "producer "
            + producerId
            + ", epoch "
            + epoch
            + ", began "
            + beganMillis
            + ", rows "
            + rows
            + ", transaction "
            + id);
  }

  static PreparedTransaction of(CommitHandle handle) {
    Matcher found = TEXT.matcher(handle.text());
    if (!found.matches()) {
      throw new FluxCoreException(
          ErrorCategory.EXTERNAL,
          List.of(
              Diagnostic.error(
                  KafkaErrors.HANDLE,
                  Place.WHOLE,
                  "'" + handle.text() + "' is no transaction of a Kafka sink",
                  "start from a checkpoint that this sink has made")),
          null);
    }
    return new PreparedTransaction(
        found.group(5),
        Long.parseLong(found.group(1)),
        Short.parseShort(found.group(2)),
        Long.parseLong(found.group(3)),
        Long.parseLong(found.group(4)));
  }
}
