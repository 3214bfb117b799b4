package io.fluxcore.adapters.out.format;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.RecordFailures;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;

/** Parts as Avro's container files: the schema, and records in compressed blocks. */
final class AvroParts implements PartFormat {
  private final Schema rows;
  private final org.apache.avro.Schema schema;
  private final String codec;

  /**
   * The format.
   *
   * @param codec as Avro calls it
   * @throws io.fluxcore.domain.error.FluxCoreException if rows do not go with the schema
   */
  AvroParts(Schema rows, org.apache.avro.Schema schema, String codec) {
    this.rows = rows;
    this.schema = schema;
    this.codec = codec;
    new AvroRowEncoder(rows, schema, new byte[0]); // told now rather than with the first row
  }

  /** What a compression is called in Avro. */
  static String codec(Compression compression) {
    return switch (compression) {
      case NONE -> DataFileConstants.NULL_CODEC;
      case GZIP -> DataFileConstants.DEFLATE_CODEC;
      case ZSTD -> DataFileConstants.ZSTANDARD_CODEC;
    };
  }

  @Override
  public boolean canBeContinued() {
    return false;
  }

  @Override
  public PartRows begin(OutputStream out, boolean atStart) throws IOException {
    return new Records(
        new AvroRowEncoder(rows, schema, new byte[0]), schema, codec, new CountedOutput(out));
  }

  /** Records on their way into a part. */
  private static final class Records implements PartRows {
    private final AvroRowEncoder encoder;
    private final RowBuffer buffer = RowBuffer.ofMessages();
    private final CountedOutput counted;
    private final DataFileWriter<Object> file;

    Records(
        AvroRowEncoder encoder, org.apache.avro.Schema schema, String codec, CountedOutput counted)
        throws IOException {
      this.encoder = encoder;
      this.counted = counted;
      this.file = new DataFileWriter<>(new GenericDatumWriter<>(schema));
      file.setCodec(CodecFactory.fromString(codec));
      file.create(schema, counted);
    }

    @Override
    public void write(EventBatch batch, RecordFailures failures) throws IOException {
      buffer.reset();
      encoder.encode(batch, failures, buffer);
      for (int i = 0; i < buffer.messages(); i++) {
        file.appendEncoded(ByteBuffer.wrap(buffer.message(i)));
      }
    }

    /** Without the block that is being filled. */
    @Override
    public long bytes() {
      return counted.count();
    }

    @Override
    public void finish() throws IOException {
      file.close();
    }
  }
}
