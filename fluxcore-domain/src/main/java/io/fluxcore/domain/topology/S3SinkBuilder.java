package io.fluxcore.domain.topology;

import java.time.Duration;

/** Collects the settings of a sink of objects in a bucket of S3. Not thread-safe. */
public final class S3SinkBuilder extends SinkBuilder<S3SinkBuilder> {
  S3SinkBuilder() {
    super("s3", null);
  }

  /** The bucket, which is there, and what keys are made of, such as {@code orders/rows.json.gz}. */
  public S3SinkBuilder withBucket(String bucket, String path) {
    return with("bucket", bucket).with("path", path);
  }

  /** Address of a store that is not Amazon's. */
  public S3SinkBuilder withEndpoint(String endpoint) {
    return with("endpoint", endpoint);
  }

  /** The bucket's region. */
  public S3SinkBuilder withRegion(String region) {
    return with("region", region);
  }

  /** The access key, and the file whose first line is its secret key. */
  public S3SinkBuilder withAccessKey(String accessKey, String secretKeyFile) {
    return with("accessKey", accessKey).with("secretKeyFile", secretKeyFile);
  }

  /**
   * How a row is written: {@code json}, {@code csv}, {@code text}, {@code avro}, {@code parquet}.
   */
  public S3SinkBuilder withFormat(String format) {
    return with("format", format);
  }

  /** Directories that rows are shared out among, such as {@code dt={yyyy-MM-dd}}. */
  public S3SinkBuilder withPartitionBy(String directories) {
    return with("partitionBy", directories);
  }

  /** A part that has grown to this, such as {@code 128mb}, ends before its checkpoint. */
  public S3SinkBuilder withRollSize(String size) {
    return with("rollSize", size);
  }

  /** A part that has become so old ends before its checkpoint. */
  public S3SinkBuilder withRollInterval(Duration age) {
    return with("rollInterval", age.toMillis() + "ms");
  }
}
