package io.fluxcore.adapters.out.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchAsyncClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.ErrorCause;
import co.elastic.clients.elasticsearch._types.VersionType;
import co.elastic.clients.elasticsearch.core.BulkRequest;
import co.elastic.clients.elasticsearch.core.BulkResponse;
import co.elastic.clients.elasticsearch.core.bulk.BulkOperation;
import co.elastic.clients.elasticsearch.core.bulk.BulkResponseItem;
import co.elastic.clients.elasticsearch.core.bulk.CreateOperation;
import co.elastic.clients.elasticsearch.core.bulk.DeleteOperation;
import co.elastic.clients.elasticsearch.core.bulk.IndexOperation;
import co.elastic.clients.elasticsearch.core.bulk.UpdateOperation;
import co.elastic.clients.json.SimpleJsonpMapper;
import co.elastic.clients.transport.ElasticsearchTransport;
import co.elastic.clients.transport.TransportException;
import co.elastic.clients.transport.rest_client.RestClientTransport;
import co.elastic.clients.util.BinaryData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLContext;
import org.apache.http.Header;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequestInterceptor;
import org.apache.http.HttpResponseInterceptor;
import org.apache.http.conn.ssl.NoopHostnameVerifier;
import org.apache.http.impl.nio.client.HttpAsyncClientBuilder;
import org.apache.http.impl.nio.reactor.IOReactorConfig;
import org.apache.http.message.BasicHeader;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.Response;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;
import org.elasticsearch.client.RestClientBuilder;
import org.jspecify.annotations.Nullable;

/** The servers, by Elastic's client. Thread-safe. */
final class Cluster implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Cluster.class.getName());
  private static final String JSON = "application/json";
  private static final byte[] UPSERT_START = utf8("{\"doc\":");
  private static final byte[] UPSERT_END = utf8(",\"doc_as_upsert\":true}");
  private static final int CONNECT_MILLIS = 10_000;
  private static final int CONFLICTS = 3;

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int TOO_LARGE = 413;
  private static final Set<Integer> NOT_NOW = Set.of(429, 502, 503, 504);

  /** Errors of an item that are those of its index, whatever the row. */
  private static final Set<String> OF_THE_INDEX =
      Set.of("index_not_found_exception", "index_closed_exception", "security_exception");

  private final ElasticsearchOptions options;
  private final RestClient connections;
  private final ElasticsearchAsyncClient client;

  Cluster(ElasticsearchOptions options) {
    this.options = options;
    this.connections = connect(options);
    ElasticsearchTransport transport =
        new RestClientTransport(connections, SimpleJsonpMapper.INSTANCE);
    this.client = new ElasticsearchAsyncClient(transport);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static RestClient connect(ElasticsearchOptions options) {
    RestClientBuilder builder =
        RestClient.builder(options.hosts().stream().map(Cluster::host).toArray(HttpHost[]::new));
    int timeoutMillis = (int) Math.min(Integer.MAX_VALUE, options.timeout().toMillis());
    builder.setRequestConfigCallback(
        request ->
            request
                .setConnectTimeout(Math.min(CONNECT_MILLIS, timeoutMillis))
                .setSocketTimeout(timeoutMillis));
    String authorization = authorization(options);
    if (authorization != null) {
      builder.setDefaultHeaders(new Header[] {new BasicHeader("Authorization", authorization)});
    }
    SSLContext context = options.tls().isDefault() ? null : options.tls().context();
    builder.setHttpClientConfigCallback(http -> configured(http, options, context));
    return builder.build();
  }

  private static HttpHost host(URI uri) {
    return new HttpHost(uri.getHost(), uri.getPort(), uri.getScheme());
  }

  private static HttpAsyncClientBuilder configured(
      HttpAsyncClientBuilder http, ElasticsearchOptions options, @Nullable SSLContext context) {
    http.setDefaultIOReactorConfig(IOReactorConfig.custom().setIoThreadCount(1).build());
    if (context != null) {
      http.setSSLContext(context);
    }
    if (options.tls().insecure()) {
      http.setSSLHostnameVerifier(NoopHostnameVerifier.INSTANCE);
    }
    if (options.isOpenSearch()) {
      http.addInterceptorLast(
          (HttpRequestInterceptor)
              (request, exchange) -> {
                boolean isBulk = request.getRequestLine().getUri().contains("/_bulk");
                request.setHeader("Accept", JSON);
                if (request.containsHeader("Content-Type")) {
                  request.setHeader("Content-Type", isBulk ? "application/x-ndjson" : JSON);
                }
              });
      http.addInterceptorLast(
          (HttpResponseInterceptor)
              (response, exchange) -> response.setHeader("X-Elastic-Product", "Elasticsearch"));
    }
    return http;
  }

  private static @Nullable String authorization(ElasticsearchOptions options) {
    String user = options.user();
    if (user != null) {
      return "Basic "
          + Base64.getEncoder().encodeToString(utf8(user + ":" + options.password().read()));
    }
    String apiKey = options.apiKey().read();
    return apiKey == null ? null : "ApiKey " + apiKey;
  }

  /**
   * Sends operations together.
   *
   * @return completes with a verdict for each, or with a {@link BulkFailure}
   */
  CompletableFuture<List<Verdict>> send(List<Operation> operations) {
    List<BulkOperation> items = new ArrayList<>(operations.size());
    operations.forEach(operation -> items.add(item(operation)));
    BulkRequest.Builder request = new BulkRequest.Builder().operations(items);
    if (options.pipeline() != null) {
      request.pipeline(options.pipeline());
    }
    return client
        .bulk(request.build())
        .handle(
            (response, failure) -> {
              if (failure != null) {
                throw new CompletionException(failure(failure));
              }
              return verdicts(operations, response);
            });
  }

  private static BulkOperation item(Operation operation) {
    BinaryData document = BinaryData.of(operation.document(), JSON);
    return switch (operation.action()) {
      case INDEX ->
          new IndexOperation.Builder<BinaryData>()
              .document(document)
              .index(operation.index())
              .id(operation.id())
              .routing(operation.routing())
              .version(operation.version())
              .versionType(versions(operation))
              .build()
              ._toBulkOperation();
      case CREATE ->
          new CreateOperation.Builder<BinaryData>()
              .document(document)
              .index(operation.index())
              .id(operation.id())
              .routing(operation.routing())
              .build()
              ._toBulkOperation();
      case UPSERT ->
          new UpdateOperation.Builder<BinaryData, BinaryData>()
              .binaryAction(BinaryData.of(upsert(operation.document()), JSON))
              .retryOnConflict(CONFLICTS)
              .index(operation.index())
              .id(operation.id())
              .routing(operation.routing())
              .build()
              ._toBulkOperation();
      case DELETE ->
          new DeleteOperation.Builder()
              .index(operation.index())
              .id(operation.id())
              .routing(operation.routing())
              .version(operation.version())
              .versionType(versions(operation))
              .build()
              ._toBulkOperation();
    };
  }

  private static @Nullable VersionType versions(Operation operation) {
    return operation.version() == null ? null : VersionType.ExternalGte;
  }

  private static byte[] upsert(byte[] document) {
    ByteArrayOutputStream action =
        new ByteArrayOutputStream(UPSERT_START.length + document.length + UPSERT_END.length);
    action.writeBytes(UPSERT_START);
    action.writeBytes(document);
    action.writeBytes(UPSERT_END);
    return action.toByteArray();
  }

  private static List<Verdict> verdicts(List<Operation> operations, BulkResponse response) {
    List<Verdict> verdicts = new ArrayList<>(operations.size());
    for (int i = 0; i < operations.size(); i++) {
      verdicts.add(verdict(operations.get(i), response.items().get(i)));
    }
    return verdicts;
  }

  private static Verdict verdict(Operation operation, BulkResponseItem item) {
    int status = item.status();
    ErrorCause error = item.error();
    if (error == null) {
      return Verdict.DONE; // a deletion of what is not there has status 404 and no error
    }
    String reason = reason(error);
    if (status == CONFLICT) {
      boolean isThere = operation.action() == Operation.Action.CREATE;
      return isThere || operation.version() != null
          ? Verdict.DONE
          : new Verdict(Verdict.Kind.LATER, reason);
    }
    if (NOT_NOW.contains(status)) {
      return new Verdict(Verdict.Kind.LATER, reason);
    }
    boolean isOfTheIndex = OF_THE_INDEX.contains(String.valueOf(error.type()));
    if (isOfTheIndex && operation.action() == Operation.Action.DELETE && status == NOT_FOUND) {
      return Verdict.DONE;
    }
    return new Verdict(isOfTheIndex ? Verdict.Kind.IMPOSSIBLE : Verdict.Kind.REFUSED, reason);
  }

  /** What an error says, and those that it comes from. */
  private static String reason(ErrorCause error) {
    StringBuilder text = new StringBuilder();
    for (ErrorCause at = error; at != null; at = at.causedBy()) {
      text.append(text.isEmpty() ? "" : "; ").append(at.type());
      if (at.reason() != null) {
        text.append(": ").append(at.reason());
      }
    }
    return text.toString();
  }

  private static BulkFailure failure(Throwable thrown) {
    Throwable e = thrown;
    while (e instanceof CompletionException && e.getCause() != null) {
      e = e.getCause();
    }
    if (e instanceof ElasticsearchException refused) {
      return new BulkFailure(
          kind(refused.status()), "status " + refused.status() + ", " + reason(refused.error()), e);
    }
    if (e instanceof TransportException refused && refused.statusCode() > 0) {
      return new BulkFailure(kind(refused.statusCode()), String.valueOf(e.getMessage()), e);
    }
    if (e instanceof ResponseException refused) {
      return new BulkFailure(
          kind(refused.getResponse().getStatusLine().getStatusCode()),
          String.valueOf(e.getMessage()),
          e);
    }
    return new BulkFailure(
        e instanceof IOException ? BulkFailure.Kind.LATER : BulkFailure.Kind.FATAL,
        e.toString(),
        e);
  }

  private static BulkFailure.Kind kind(int status) {
    if (status == UNAUTHORIZED || status == FORBIDDEN) {
      return BulkFailure.Kind.FORBIDDEN;
    }
    if (status == TOO_LARGE) {
      return BulkFailure.Kind.TOO_LARGE;
    }
    return NOT_NOW.contains(status) || status == 500
        ? BulkFailure.Kind.LATER
        : BulkFailure.Kind.FATAL;
  }

  /** Looks whether rows could be written. */
  void check() {
    String index = options.index().fixed();
    try {
      Response found =
          connections.performRequest(new Request("HEAD", index == null ? "/" : "/" + index));
      boolean isMissing = found.getStatusLine().getStatusCode() == NOT_FOUND;
      if (index != null && isMissing && !makesIndices()) {
        throw ElasticsearchErrors.missing(options, "it is not there, and the server makes none");
      }
    } catch (ResponseException e) {
      int status = e.getResponse().getStatusLine().getStatusCode();
      if (kind(status) == BulkFailure.Kind.FORBIDDEN) {
        throw ElasticsearchErrors.refused(options, String.valueOf(e.getMessage()), e);
      }
      LOG.log(System.Logger.Level.DEBUG, "a server did not say whether an index is there", e);
    } catch (IOException e) {
      throw ElasticsearchErrors.noAnswer(options, e.toString(), 0, e);
    }
  }

  /** Whether the server makes an index that is missing, as far as it lets us know. */
  private boolean makesIndices() throws IOException {
    try {
      Response settings =
          connections.performRequest(
              new Request("GET", "/_cluster/settings?include_defaults=true&flat_settings=true"));
      String text =
          new String(settings.getEntity().getContent().readAllBytes(), StandardCharsets.UTF_8);
      return !text.contains("\"action.auto_create_index\":\"false\"");
    } catch (ResponseException e) {
      LOG.log(System.Logger.Level.DEBUG, "a server did not say whether it makes indices", e);
      return true;
    }
  }

  @Override
  public void close() {
    try {
      connections.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a connection was broken already", e);
    }
  }
}
