package io.fluxcore.adapters.out.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/** Compresses pages of Parquet. Thread-safe. */
enum ParquetCompressor implements BytesInputCompressor {
  NONE(CompressionCodecName.UNCOMPRESSED, Compression.NONE),
  SNAPPY(CompressionCodecName.SNAPPY, Compression.NONE),
  GZIP(CompressionCodecName.GZIP, Compression.GZIP),
  ZSTD(CompressionCodecName.ZSTD, Compression.ZSTD);

  private final CompressionCodecName codec;
  private final Compression compression;

  ParquetCompressor(CompressionCodecName codec, Compression compression) {
    this.codec = codec;
    this.compression = compression;
  }

  @Override
  public BytesInput compress(BytesInput page) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream((int) page.size() / 2 + 64);
    Compression.Output out = compression.over(bytes);
    page.writeAllTo(out.stream());
    out.finish();
    return this == SNAPPY
        ? BytesInput.from(Snappy.compress(bytes.toByteArray()))
        : BytesInput.from(bytes);
  }

  @Override
  public CompressionCodecName getCodecName() {
    return codec;
  }

  @Override
  public void release() {}
}
