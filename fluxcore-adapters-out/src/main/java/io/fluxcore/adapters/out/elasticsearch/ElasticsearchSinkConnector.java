package io.fluxcore.adapters.out.elasticsearch;

import io.fluxcore.adapters.out.outside.TlsTrust;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.RequiredLibrary;
import io.fluxcore.application.connector.Secret;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * Writes rows as documents of Elasticsearch or OpenSearch. Ids follow from the rows, so that a row
 * that is written again after a failure is the same document.
 */
public final class ElasticsearchSinkConnector implements SinkConnector {
  private static final String NAME = "elasticsearch";

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Writes rows as documents of Elasticsearch or OpenSearch, each once.",
          options(),
          EnumSet.of(Capability.PARALLEL, Capability.CHANGELOG, Capability.IDEMPOTENT),
          DeliveryGuarantee.EXACTLY_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public ElasticsearchSinkConnector() {}

  private static List<OptionSpec> options() {
    List<OptionSpec> options =
        new ArrayList<>(
            List.of(
                OptionSpec.optional(
                        "hosts",
                        OptionSpec.Type.LIST,
                        "http://localhost:9200",
                        "Addresses of nodes, which take turns.")
                    .asAddress(),
                OptionSpec.required(
                    "index",
                    OptionSpec.Type.STRING,
                    "The index; `{yyyy.MM.dd}` in it stands for the time of the event (UTC),"
                        + " `{field}` for a value."),
                OptionSpec.oneOf(
                    "mode",
                    List.of("index", "create", "upsert"),
                    "index",
                    "`index` writes a document in place of the one of its id; `create` leaves the"
                        + " one that is there, as data streams want it; `upsert` puts its fields"
                        + " into it."),
                OptionSpec.optional(
                    "idFields",
                    OptionSpec.Type.LIST,
                    null,
                    "Fields of which a document's id is made; without them, of those that name a row"
                        + " where rows change or the mode is `upsert`, else of the whole row and the"
                        + " time of its event."),
                OptionSpec.oneOf(
                    "ids",
                    List.of("derived", "server"),
                    "derived",
                    "`server` lets the server make ids: rows that are the same stay apart, and some"
                        + " are there twice after a failure."),
                OptionSpec.optional(
                    "versionField",
                    OptionSpec.Type.STRING,
                    null,
                    "Field with the version of the document of an id: a lower one never replaces a"
                        + " higher one."),
                OptionSpec.optional(
                    "routingField",
                    OptionSpec.Type.STRING,
                    null,
                    "Field by which the server finds a document's shard, in place of the id."),
                OptionSpec.optional(
                    "pipeline",
                    OptionSpec.Type.STRING,
                    null,
                    "Ingest pipeline of the server that documents go through."),
                OptionSpec.optional(
                    "batchSize",
                    OptionSpec.Type.LONG,
                    "1000",
                    "Documents that are sent together, from 1 to 100,000."),
                OptionSpec.optional(
                    "batchBytes",
                    OptionSpec.Type.SIZE,
                    "5mb",
                    "Bytes of documents that are sent together, about, from 1kb to 100mb."),
                OptionSpec.optional(
                    "requests",
                    OptionSpec.Type.LONG,
                    "2",
                    "Requests of one writer that are under way at a time, from 1 to 32."),
                OptionSpec.optional(
                    "timeout",
                    OptionSpec.Type.DURATION,
                    "1m",
                    "How long the answer to a request is waited for."),
                OptionSpec.optional(
                    "retryTimeout",
                    OptionSpec.Type.DURATION,
                    "30s",
                    "How long is tried again what the server does not take now, before the sink"
                        + " says that it is not there."),
                OptionSpec.optional("user", OptionSpec.Type.STRING, null, "User of the server.")));
    options.addAll(Secret.specs("password", "The user's password"));
    options.addAll(
        Secret.specs("apiKey", "API key in place of user and password, as the server encodes it"));
    options.addAll(TlsTrust.specs());
    options.add(
        OptionSpec.oneOf(
            "flavour",
            List.of("elasticsearch", "opensearch"),
            "elasticsearch",
            "Whose servers they are."));
    return options;
  }

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Sink create(ConnectorOptions options, Schema schema) {
    return create(options, schema, Changes.appends());
  }

  @Override
  public Sink create(ConnectorOptions options, Schema schema, Changes rows) {
    OptionProblems problems = new OptionProblems(NAME);
    ElasticsearchOptions parsed = ElasticsearchOptions.of(options, schema, rows, problems);
    problems.throwIfAny();
    RequiredLibrary.check(
        "co.elastic.clients.elasticsearch.ElasticsearchAsyncClient",
        "co.elastic.clients:elasticsearch-java",
        NAME);
    return new ElasticsearchSink(parsed, schema);
  }
}
