package io.fluxcore.adapters.out.elasticsearch;

import io.fluxcore.adapters.out.format.RowTemplate;
import io.fluxcore.adapters.out.outside.TlsTrust;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.Secret;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where documents go, and how.
 *
 * @param hosts addresses of nodes, without path
 * @param index names the index of a row
 * @param action what insertions do with documents
 * @param ids what ids are made of
 * @param idFields ordinals of the fields that ids are made of, if they are
 * @param versionField ordinal of the field that holds a document's version, or -1
 * @param routingField ordinal of the field that says by what the shard is found, or -1
 * @param pipeline of the server that documents go through, or null
 * @param batchSize documents that are sent together
 * @param batchBytes of documents that are sent together, about
 * @param requests that are under way at a time
 * @param timeout of a request
 * @param retryTimeout for how long is tried again what the server does not take now
 * @param isOpenSearch whether the servers are OpenSearch's
 */
record ElasticsearchOptions(
    List<URI> hosts,
    RowTemplate index,
    Operation.Action action,
    DocumentIds.Kind ids,
    int[] idFields,
    int versionField,
    int routingField,
    @Nullable String pipeline,
    int batchSize,
    long batchBytes,
    int requests,
    Duration timeout,
    Duration retryTimeout,
    @Nullable String user,
    Secret password,
    Secret apiKey,
    TlsTrust tls,
    boolean isOpenSearch) {
  private static final String BY_SERVER = "server";
  private static final int MAX_BATCH = 100_000;
  private static final long MIN_BYTES = 1024;
  private static final long MAX_BYTES = 100L << 20;
  private static final int MAX_REQUESTS = 32;
  private static final Set<DataType.Kind> VERSIONS =
      Set.of(DataType.Kind.LONG, DataType.Kind.TIMESTAMP, DataType.Kind.TIMESTAMP_TZ);

  /**
   * What options say.
   *
   * @param rows what the rows do; their key is that of documents whose ids are told in no other way
   */
  static ElasticsearchOptions of(
      ConnectorOptions options, Schema schema, Changes rows, OptionProblems problems) {
    Operation.Action action =
        Operation.Action.valueOf(options.string("mode").toUpperCase(Locale.ROOT));
    int[] idFields =
        idFields(options, action, rows).stream()
            .mapToInt(field -> field("idFields", field, schema, problems))
            .toArray();
    DocumentIds.Kind ids = ids(options, action, idFields.length > 0, problems);
    int versionField = optionalField("versionField", options, schema, problems);
    checkVersion(versionField, schema, action, ids, problems);
    problems.range("batchSize", options.integer("batchSize"), 1, MAX_BATCH);
    problems.range("batchBytes", options.size("batchBytes"), MIN_BYTES, MAX_BYTES);
    problems.range("requests", options.integer("requests"), 1, MAX_REQUESTS);
    if (options.duration("timeout").toMillis() < 1) {
      problems.add("timeout", "a request needs time", "give one such as 1m");
    }
    Secret password = Secret.of(options, "password", problems);
    Secret apiKey = Secret.of(options, "apiKey", problems);
    String user = options.optionalString("user");
    if (apiKey.isGiven() && (user != null || password.isGiven())) {
      problems.add("apiKey", "there is a user or password beside", "give one of the two");
    } else if ((user == null) == password.isGiven()) {
      problems.add(
          user == null ? "user" : "password",
          "it is missing beside the " + (user == null ? "password" : "user"),
          "give both, or neither");
    }
    return new ElasticsearchOptions(
        hosts(options.list("hosts"), problems),
        IndexName.of(options.string("index"), schema, problems),
        action,
        ids,
        idFields,
        versionField,
        optionalField("routingField", options, schema, problems),
        options.optionalString("pipeline"),
        (int) options.integer("batchSize"),
        options.size("batchBytes"),
        (int) options.integer("requests"),
        options.duration("timeout"),
        options.duration("retryTimeout"),
        user,
        password,
        apiKey,
        TlsTrust.of(options, problems),
        options.string("flavour").equals("opensearch"));
  }

  private static List<String> idFields(
      ConnectorOptions options, Operation.Action action, Changes rows) {
    List<String> named = options.list("idFields");
    List<String> key = rows.key();
    boolean isByRows =
        named.isEmpty()
            && !options.string("ids").equals(BY_SERVER)
            && action != Operation.Action.CREATE
            && (action == Operation.Action.UPSERT || !rows.isAppend());
    return isByRows && key != null ? key : named;
  }

  private static DocumentIds.Kind ids(
      ConnectorOptions options,
      Operation.Action action,
      boolean hasFields,
      OptionProblems problems) {
    boolean byServer = options.string("ids").equals(BY_SERVER);
    if (byServer && hasFields) {
      problems.add("ids", "there are idFields, of which ids are made", "give one of the two");
    }
    if (byServer && action == Operation.Action.UPSERT) {
      problems.add(
          "ids", "mode 'upsert' needs to know the document", "leave it out, or set another mode");
    }
    if (action == Operation.Action.UPSERT && !hasFields) {
      problems.add(
          "idFields",
          "mode 'upsert' needs to know by what rows are the same, and nothing is known to name them",
          "name fields");
    }
    if (byServer) {
      return DocumentIds.Kind.SERVER;
    }
    return hasFields ? DocumentIds.Kind.FIELDS : DocumentIds.Kind.ROW;
  }

  private static void checkVersion(
      int field,
      Schema schema,
      Operation.Action action,
      DocumentIds.Kind ids,
      OptionProblems problems) {
    if (field < 0) {
      return;
    }
    if (!VERSIONS.contains(schema.type(field).kind())) {
      problems.add(
          "versionField",
          "field '" + schema.field(field).name() + "' is a " + schema.type(field),
          "name a field that is a long or a timestamp");
    }
    if (action != Operation.Action.INDEX || ids != DocumentIds.Kind.FIELDS) {
      problems.add(
          "versionField",
          "only documents with idFields that are written in mode 'index' have versions",
          "leave it out, or set both");
    }
  }

  private static int optionalField(
      String option, ConnectorOptions options, Schema schema, OptionProblems problems) {
    String name = options.optionalString(option);
    return name == null ? -1 : field(option, name, schema, problems);
  }

  private static int field(String option, String name, Schema schema, OptionProblems problems) {
    int ordinal = schema.indexOf(name);
    if (ordinal < 0) {
      problems.add(
          option,
          "there is no field '" + name + "'",
          "fields are " + String.join(", ", schema.fieldNames()));
    }
    return ordinal;
  }

  private static List<URI> hosts(List<String> texts, OptionProblems problems) {
    List<URI> hosts = new ArrayList<>();
    for (String text : texts) {
      try {
        URI host = new URI(text.contains("://") ? text : "http://" + text);
        if (isHost(host)) {
          hosts.add(host);
          continue;
        }
      } catch (URISyntaxException e) {
        // Told below with those that have other parts.
      }
      problems.add(
          "hosts",
          "'" + withoutUser(text) + "' is no address of a node",
          "give such as http://host:9200; user and password have options of their own");
    }
    if (texts.isEmpty()) {
      problems.add("hosts", "there is none", "give such as http://host:9200");
    }
    return hosts;
  }

  private static boolean isHost(URI host) {
    String scheme = host.getScheme();
    String path = host.getRawPath();
    return (scheme.equals("http") || scheme.equals("https"))
        && host.getHost() != null
        && host.getRawUserInfo() == null
        && host.getRawQuery() == null
        && (path == null || path.isEmpty() || path.equals("/"));
  }

  private static String withoutUser(String text) {
    return text.replaceAll("//[^/@]*@", "//***@");
  }

  /** Without secrets. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("index '").append(index).append("' at ");
    for (Iterator<URI> host = hosts.iterator(); host.hasNext(); ) {
      text.append(host.next()).append(host.hasNext() ? ", " : "");
    }
    return text.toString();
  }
}
