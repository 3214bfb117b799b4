package io.fluxcore.domain.topology;

import java.util.List;

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

  /** What insertions do with documents: {@code index}, {@code create} or {@code upsert}. */
  public ElasticsearchSinkBuilder withMode(String mode) {
    return with("mode", mode);
  }

  /** The fields of which a document's id is made. */
  public ElasticsearchSinkBuilder withIdFields(String... fields) {
    return with("idFields", List.of(fields));
  }

  /** User of the server, and the file whose first line is the password. */
  public ElasticsearchSinkBuilder withUser(String user, String passwordFile) {
    return with("user", user).with("passwordFile", passwordFile);
  }

  /** A file whose first line is the API key. */
  public ElasticsearchSinkBuilder withApiKeyFile(String file) {
    return with("apiKeyFile", file);
  }

  /** Whose servers they are: {@code elasticsearch} or {@code opensearch}. */
  public ElasticsearchSinkBuilder withFlavour(String flavour) {
    return with("flavour", flavour);
  }
}
