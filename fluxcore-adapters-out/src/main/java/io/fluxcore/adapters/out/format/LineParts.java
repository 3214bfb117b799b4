package io.fluxcore.adapters.out.format;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.RecordFailures;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Supplier;

/** Parts of lines: JSON, CSV or text, compressed or not. */
final class LineParts implements PartFormat {
  private final Supplier<RowEncoder> encoders;
  private final Compression compression;

  LineParts(Supplier<RowEncoder> encoders, Compression compression) {
    this.encoders = encoders;
    this.compression = compression;
  }

  @Override
  public boolean canBeContinued() {
    return true;
  }

  @Override
  public PartRows begin(OutputStream out, boolean atStart) throws IOException {
    Lines lines = new Lines(encoders.get(), compression, new CountedOutput(out));
    if (atStart) {
      lines.encoder.encodeHeader(lines.buffer);
    }
    return lines;
  }

  /** Lines on their way into a part. */
  private static final class Lines implements PartRows {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final RowEncoder encoder;
    private final CountedOutput counted;
    private final Compression.Output out;
    private final RowBuffer buffer = new RowBuffer();

    Lines(RowEncoder encoder, Compression compression, CountedOutput counted) throws IOException {
      this.encoder = encoder;
      this.counted = counted;
      this.out = compression.over(counted);
    }

    @Override
    public void write(EventBatch batch, RecordFailures failures) throws IOException {
      encoder.encode(batch, failures, buffer);
      if (buffer.size() >= BUFFER_BYTES) {
        drain();
      }
    }

    private void drain() throws IOException {
      buffer.writeTo(out.stream());
      buffer.reset();
    }

    @Override
    public long bytes() {
      return counted.count() + buffer.size();
    }

    @Override
    public void finish() throws IOException {
      drain();
      out.finish();
    }
  }
}
