package io.fluxcore.adapters.out.http;

import io.fluxcore.adapters.out.outside.TlsTrust;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** To any address, by the JDK's client, which keeps connections. */
final class OpenWay implements HttpWay {
  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);

  /** More of an answer than anybody reads. */
  private static final int MAX_TEXT = 1 << 20;

  private final HttpClient client;
  private final Duration timeout;

  OpenWay(Duration timeout, TlsTrust tls) {
    this.timeout = timeout;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout.compareTo(LONGEST_CONNECT) < 0 ? timeout : LONGEST_CONNECT);
    if (!tls.isDefault()) {
      builder.sslContext(tls.context());
    }
    this.client = builder.build();
  }

  @Override
  public HttpAnswer exchange(HttpCall call) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(call.uri())
            .timeout(timeout)
            .method(
                call.method(),
                call.body().length == 0
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(call.body()));
    call.headers().forEach(request::header);
    HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
    Map<String, String> headers = new HashMap<>();
    response
        .headers()
        .map()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
    try (InputStream body = response.body()) {
      return new HttpAnswer(
          response.statusCode(),
          headers,
          new String(body.readNBytes(MAX_TEXT), StandardCharsets.UTF_8));
    }
  }

  /** The client ends when nobody has it any more. */
  @Override
  public void close() {}
}
