package io.fluxcore.adapters.out.console;

import io.fluxcore.adapters.out.format.RowBuffer;
import io.fluxcore.adapters.out.format.RowEncoder;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.RecordFailures;

/** Writes each batch at once: nothing is held back. */
final class ConsoleWriter implements SinkWriter {
  private final RowEncoder encoder;
  private final SharedLines lines;
  private final RowBuffer header = new RowBuffer();
  private final RowBuffer rows = new RowBuffer();

  ConsoleWriter(RowEncoder encoder, SharedLines lines) {
    this.encoder = encoder;
    this.lines = lines;
  }

  @Override
  public void write(EventBatch batch, RecordFailures failures) {
    if (batch.isEmpty()) {
      return;
    }
    rows.reset();
    encoder.encode(batch, failures, rows);
    if (rows.size() == 0) {
      return;
    }
    header.reset();
    encoder.encodeHeader(header);
    lines.write(header, rows);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
