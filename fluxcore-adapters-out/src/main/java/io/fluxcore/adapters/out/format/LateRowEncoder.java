package io.fluxcore.adapters.out.format;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.RecordFailures;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An encoder that is made with the first batch, since what it needs lies outside. */
final class LateRowEncoder implements RowEncoder {
  private final Supplier<RowEncoder> make;
  private @Nullable RowEncoder made;

  /**
   * An encoder.
   *
   * @param make throws {@link io.fluxcore.application.connector.TransientSinkException} where it
   *     cannot be made now; it is asked again
   */
  LateRowEncoder(Supplier<RowEncoder> make) {
    this.make = make;
  }

  @Override
  public void encodeHeader(RowBuffer out) {}

  @Override
  public void encode(EventBatch batch, RecordFailures failures, RowBuffer out) {
    RowEncoder encoder = made;
    if (encoder == null) {
      encoder = make.get();
      made = encoder;
    }
    encoder.encode(batch, failures, out);
  }
}
