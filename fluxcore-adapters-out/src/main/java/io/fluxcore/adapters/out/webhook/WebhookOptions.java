package io.fluxcore.adapters.out.webhook;

import io.fluxcore.adapters.out.http.AddressRule;
import io.fluxcore.adapters.out.http.HttpOptions;
import io.fluxcore.adapters.out.outside.TlsTrust;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where rows are posted, and how.
 *
 * @param batchSize rows of a request
 * @param isArray whether a request holds an array of rows, and not one
 * @param headers that go with each request
 * @param secret by which requests are signed, if they are
 */
record WebhookOptions(
    URI url,
    int batchSize,
    boolean isArray,
    Map<String, String> headers,
    Secret secret,
    String signatureHeader,
    Secret token,
    Duration timeout,
    Duration retryTimeout,
    TlsTrust tls,
    AddressRule rule) {
  private static final int MAX_BATCH = 10_000;
  private static final URI NONE = URI.create("http://invalid");
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Set<String> OURS =
      Set.of("host", "content-length", "transfer-encoding", "connection", "idempotency-key");

  static WebhookOptions of(ConnectorOptions options, OptionProblems problems) {
    URI url = HttpOptions.url("url", options.string("url"), problems);
    long batchSize = options.integer("batchSize");
    problems.range("batchSize", batchSize, 1, MAX_BATCH);
    boolean isArray = options.string("body").equals("array");
    if (batchSize > 1 && !isArray) {
      problems.add("batchSize", "body 'object' holds one row", "set body to 'array', or leave it");
    }
    Map<String, String> headers = new LinkedHashMap<>();
    options
        .map("headers")
        .forEach((name, value) -> header(name, String.valueOf(value), headers, problems));
    String signatureHeader = options.string("signatureHeader");
    if (!NAME.matcher(signatureHeader).matches()) {
      problems.add(
          "signatureHeader", "'" + signatureHeader + "' is no name of a header", "give another");
    }
    if (options.duration("timeout").toMillis() < 1) {
      problems.add("timeout", "a request needs time", "give one such as 10s");
    }
    return new WebhookOptions(
        url == null ? NONE : url,
        (int) batchSize,
        isArray,
        headers,
        Secret.of(options, "secret", problems),
        signatureHeader,
        Secret.of(options, "bearerToken", problems),
        options.duration("timeout"),
        options.duration("retryTimeout"),
        TlsTrust.of(options, problems),
        AddressRule.of(
            options.bool("allowInternal"), "allowedHosts", options.list("allowedHosts"), problems));
  }

  private static void header(
      String name, String value, Map<String, String> headers, OptionProblems problems) {
    boolean isText = value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c < 0x7f));
    if (!NAME.matcher(name).matches() || !isText) {
      problems.add("headers", "'" + name + ": " + value + "' is no header", "use printable ASCII");
    } else if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
      problems.add("headers", "'" + name + "' is set by the sink", "leave it out");
    } else {
      headers.put(name, value);
    }
  }
}
