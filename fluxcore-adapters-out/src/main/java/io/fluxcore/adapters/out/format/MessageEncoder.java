package io.fluxcore.adapters.out.format;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.RecordFailures;
import java.util.function.Supplier;

/**
 * Rows as messages: the bytes of each row on its own, without a line end. Not thread-safe.
 *
 * <pre>{@code
 * encoder.encode(batch, failures);
 * for (int i = 0; i < encoder.count(); i++) {
 *   send(encoder.row(i), encoder.bytes(i));
 * }
 * }</pre>
 */
public final class MessageEncoder {
  private final RowEncoder encoder;
  private final RowBuffer buffer = RowBuffer.ofMessages();

  public MessageEncoder(RowEncoder encoder) {
    this.encoder = encoder;
  }

  /**
   * Makes encoders, one for each writer. Thread-safe.
   *
   * @param encoders of rows
   * @param takes what can be said of changes: that they are none, or their kinds
   */
  public record Factory(Supplier<RowEncoder> encoders, Changes takes) {
    public MessageEncoder create() {
      return new MessageEncoder(encoders.get());
    }
  }

  /**
   * Encodes the selected rows of a batch, and forgets those of the last one. A row that cannot be
   * encoded is told to {@code failures} and gives no message.
   */
  public void encode(EventBatch batch, RecordFailures failures) {
    buffer.reset();
    encoder.encode(batch, failures, buffer);
  }

  /** How many messages the batch gave. */
  public int count() {
    return buffer.messages();
  }

  /** The physical row that a message was made of; ascending. */
  public int row(int message) {
    return buffer.row(message);
  }

  /** A message as an array of its own. */
  public byte[] bytes(int message) {
    return buffer.message(message);
  }
}
