package io.fluxcore.adapters.out.http;

import io.fluxcore.adapters.out.outside.Patience;
import io.fluxcore.adapters.out.outside.TlsTrust;
import io.fluxcore.domain.error.FluxCoreException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.function.Predicate;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests, and again what a server does not take now, with rising pauses and as late as the
 * server asks. Follows no redirects. Of one writer; not thread-safe.
 */
public final class HttpSender implements AutoCloseable {
  private final HttpWay way;
  private final Duration retryTimeout;
  private final boolean gzip;
  private final InstantSource clock = InstantSource.system();
  private boolean isClosed;

  private HttpSender(HttpWay way, Duration retryTimeout, boolean gzip) {
    this.way = way;
    this.retryTimeout = retryTimeout;
    this.gzip = gzip;
  }

  /**
   * To any address.
   *
   * @param timeout of a request
   * @param retryTimeout for how long one is sent again
   * @param gzip whether bodies are compressed
   */
  public static HttpSender toAnywhere(
      Duration timeout, Duration retryTimeout, TlsTrust tls, boolean gzip) {
    return new HttpSender(new OpenWay(timeout, tls), retryTimeout, gzip);
  }

  /** Only to addresses that a rule allows. */
  public static HttpSender guarded(
      Duration timeout, Duration retryTimeout, TlsTrust tls, AddressRule rule) {
    return new HttpSender(new GuardedWay(timeout, tls, rule), retryTimeout, false);
  }

  /** What stands in the header of user and password. */
  public static String basic(String user, @Nullable String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString(
                (user + ":" + (password == null ? "" : password)).getBytes(StandardCharsets.UTF_8));
  }

  /** Sends until there is an answer other than that it is not possible now. */
  public HttpAnswer send(HttpCall call) throws NoAnswerException {
    return send(call, HttpAnswer::isForNow);
  }

  /**
   * Sends until there is an answer that is for good.
   *
   * @param isForNow which answers are not
   * @throws NoAnswerException if there is none in time
   * @throws FluxCoreException if the address is not allowed
   */
  public HttpAnswer send(HttpCall call, Predicate<HttpAnswer> isForNow) throws NoAnswerException {
    HttpCall sent = gzip && call.body().length > 0 ? zipped(call) : call;
    Patience patience = new Patience(retryTimeout);
    while (true) {
      String reason;
      Throwable cause = null;
      Duration asked = Duration.ZERO;
      try {
        HttpAnswer answer = way.exchange(sent);
        if (!isForNow.test(answer)) {
          return answer;
        }
        reason = answer.reason();
        asked = answer.retryAfter(clock.instant());
      } catch (HttpTimeoutException e) {
        reason = "no answer in time";
        cause = e;
      } catch (IOException e) {
        reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.toString();
        cause = e;
      } catch (InterruptedException e) {
        throw Patience.interrupted(e);
      }
      if (!patience.again(asked)) {
        throw new NoAnswerException(reason, cause);
      }
    }
  }

  /** Sends once; to any address also from several threads at a time. */
  public HttpAnswer once(HttpCall call) throws NoAnswerException {
    try {
      return way.exchange(call);
    } catch (IOException e) {
      throw new NoAnswerException(e.toString(), e);
    } catch (InterruptedException e) {
      throw Patience.interrupted(e);
    }
  }

  private static HttpCall zipped(HttpCall call) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(call.body().length / 4);
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(call.body());
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return call.withBody(bytes.toByteArray()).with("Content-Encoding", "gzip");
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      way.close();
    }
  }
}
