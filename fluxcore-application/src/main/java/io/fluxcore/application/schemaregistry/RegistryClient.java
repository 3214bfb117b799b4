package io.fluxcore.application.schemaregistry;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Calls a schema registry, once per call: whoever needs an answer asks again. Thread-safe.
 *
 * <p>A refusal of the user is a failure of the configuration; every other answer of the registry is
 * given back, and one that does not come is an {@link IOException}.
 */
public final class RegistryClient {
  private static final String REFUSED = "FLX-REGISTRY-0001";
  private static final String UNREADABLE = "FLX-REGISTRY-0002";
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
  private static final String CONTENT = "application/vnd.schemaregistry.v1+json";

  private final RegistryOptions options;
  private @Nullable HttpClient http;

  public RegistryClient(RegistryOptions options) {
    this.options = options;
  }

  /**
   * What the registry said.
   *
   * @param status of HTTP
   * @param body as text
   */
  public record Answer(int status, String body) {
    public boolean isOk() {
      return status == 200;
    }
  }

  /**
   * Asks for something.
   *
   * @param path from the registry's root, with what must be escaped escaped
   * @throws IOException if no server of the registry answers now, or says that it cannot
   */
  public Answer get(String path) throws IOException, InterruptedException {
    return call(path, null);
  }

  /**
   * Sends something.
   *
   * @param json the body
   * @throws IOException if no server of the registry answers now, or says that it cannot
   */
  public Answer post(String path, String json) throws IOException, InterruptedException {
    return call(path, BodyPublishers.ofString(json));
  }

  private Answer call(String path, @Nullable BodyPublisher body)
      throws IOException, InterruptedException {
    IOException failure = null;
    for (URI url : options.urls()) {
      try {
        return call(url, path, body);
      } catch (IOException e) {
        failure = new IOException(url + ": " + text(e), e);
      }
    }
    throw failure == null ? new IOException("the registry has no address") : failure;
  }

  private Answer call(URI url, String path, @Nullable BodyPublisher body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(REQUEST_TIMEOUT)
            .header("Accept", CONTENT + ", application/json");
    if (body != null) {
      request.header("Content-Type", CONTENT).POST(body);
    }
    String user = options.user();
    if (user != null) {
      String login = user + ":" + password();
      request.header(
          "Authorization",
          "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
    }
    HttpResponse<String> response =
        http().send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    int status = response.statusCode();
    if (status == 401 || status == 403) {
      throw FluxCoreException.user(
          REFUSED,
          Place.of(RegistryOptions.URL),
          "the schema registry " + url + " refuses " + asked(path) + " (" + status + ")",
          "give registryUser and registryPassword of a user who may do that");
    }
    if (status == 429 || status >= 500) {
      throw new IOException("answers " + status + " to " + asked(path));
    }
    return new Answer(status, response.body());
  }

  private String asked(String path) {
    return path + (options.user() == null ? "" : " of user '" + options.user() + "'");
  }

  private String password() {
    String password = options.password().read();
    return password == null ? "" : password;
  }

  private synchronized HttpClient http() {
    HttpClient client = http;
    if (client == null) {
      HttpClient.Builder builder =
          HttpClient.newBuilder()
              .connectTimeout(CONNECT_TIMEOUT)
              .followRedirects(HttpClient.Redirect.NORMAL);
      Path certificates = options.certificates();
      if (certificates != null) {
        builder.sslContext(trusting(certificates));
      }
      client = builder.build();
      http = client;
    }
    return client;
  }

  private static SSLContext trusting(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int number = 0;
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        trusted.setCertificateEntry("trusted-" + number++, one);
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw FluxCoreException.user(
          UNREADABLE,
          Place.of("registryTlsCertificates"),
          "cannot read " + file + ": " + text(e),
          "let this user read it; it holds certificates between BEGIN and END lines");
    }
  }

  private static String text(Exception e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  /** Where the registry is, for messages. */
  @Override
  public String toString() {
    return options.toString();
  }
}
