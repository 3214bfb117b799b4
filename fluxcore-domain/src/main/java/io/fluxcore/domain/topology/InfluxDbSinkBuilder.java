package io.fluxcore.domain.topology;

import java.util.List;

/** Collects the settings of a InfluxDB sink. Not thread-safe. */
public final class InfluxDbSinkBuilder extends SinkBuilder<InfluxDbSinkBuilder> {
  InfluxDbSinkBuilder() {
    super("influxdb", null);
  }

  /** Address of the server. */
  public InfluxDbSinkBuilder withUrl(String url) {
    return with("url", url);
  }

  /** The database, of a server of version 1. */
  public InfluxDbSinkBuilder withDatabase(String database) {
    return with("database", database);
  }

  /** The bucket, of a server of version 2, and its organisation. */
  public InfluxDbSinkBuilder withBucket(String bucket, String organisation) {
    return with("bucket", bucket).with("org", organisation);
  }

  /** The measurement. */
  public InfluxDbSinkBuilder withMeasurement(String measurement) {
    return with("measurement", measurement);
  }

  /** The fields that are tags. */
  public InfluxDbSinkBuilder withTags(String... fields) {
    return with("tags", List.of(fields));
  }
}
