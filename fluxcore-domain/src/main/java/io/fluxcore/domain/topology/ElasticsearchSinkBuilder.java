package io.fluxcore.domain.topology;

/** Collects the settings of an Elasticsearch sink. Not thread-safe. */
public final class ElasticsearchSinkBuilder extends SinkBuilder<ElasticsearchSinkBuilder> {
  ElasticsearchSinkBuilder() {
    super("elasticsearch", null);
  }

  /** Nodes to start from: {@code http://host:9200,…}. */
  public ElasticsearchSinkBuilder withHosts(String hosts) {
    return with("hosts", hosts);
  }

  /** The index that documents go to. */
  public ElasticsearchSinkBuilder withIndex(String index) {
    return with("index", index);
  }

  /** Documents per bulk request. */
  public ElasticsearchSinkBuilder withBatchSize(int documents) {
    return with("batchSize", documents);
  }
}
