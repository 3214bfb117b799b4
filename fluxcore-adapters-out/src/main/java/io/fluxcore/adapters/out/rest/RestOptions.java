package io.fluxcore.adapters.out.rest;

import io.fluxcore.adapters.out.http.HttpOptions;
import io.fluxcore.adapters.out.lookup.KeyNames;
import io.fluxcore.adapters.out.outside.TlsTrust;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.Secret;
import io.fluxcore.domain.join.LookupTable;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where rows are asked for, and how.
 *
 * @param urls of keys
 * @param rows names that lead to the rows in an answer
 * @param headers that go with each request
 * @param timeout of a request
 */
record RestOptions(
    KeyNames urls,
    List<String> rows,
    Map<String, String> headers,
    Secret token,
    TlsTrust tls,
    Duration timeout) {
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern PLACE = Pattern.compile("\\{[^{}]*}");

  static RestOptions of(ConnectorOptions options, LookupTable table, OptionProblems problems) {
    String url = options.string("url");
    KeyNames urls = KeyNames.of("url", url, table.key(), RestOptions::encoded, problems);
    boolean isSound = HttpOptions.url("url", PLACE.matcher(url).replaceAll("x"), problems) != null;
    int path = url.indexOf('/', url.indexOf("//") + 2);
    int place = url.indexOf('{');
    if (isSound && place >= 0 && (path < 0 || place < path)) {
      problems.add(
          "url",
          "'" + url + "' has the key in its host, so that rows would say who is called",
          "name the host, and the key behind it");
    }
    Map<String, String> headers = new LinkedHashMap<>();
    options
        .map("headers")
        .forEach((name, value) -> header(name, String.valueOf(value), headers, problems));
    String rows = options.optionalString("rows");
    return new RestOptions(
        urls,
        rows == null ? List.of() : List.of(rows.split("\\.")),
        headers,
        Secret.of(options, "bearerToken", problems),
        TlsTrust.of(options, problems),
        table.timeout());
  }

  /** For a path as for a query. */
  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static void header(
      String name, @Nullable String value, Map<String, String> headers, OptionProblems problems) {
    boolean isText =
        value != null && value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c < 0x7f));
    if (value == null || !isText || !NAME.matcher(name).matches()) {
      problems.add("headers", "'" + name + ": " + value + "' is no header", "use printable ASCII");
    } else {
      headers.put(name, value);
    }
  }
}
