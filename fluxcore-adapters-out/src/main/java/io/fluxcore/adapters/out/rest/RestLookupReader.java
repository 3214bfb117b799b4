package io.fluxcore.adapters.out.rest;

import io.fluxcore.adapters.out.http.HttpAnswer;
import io.fluxcore.adapters.out.http.HttpCall;
import io.fluxcore.adapters.out.http.HttpSender;
import io.fluxcore.adapters.out.lookup.FoundRows;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.join.Found;
import io.fluxcore.domain.join.LookupReader;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Asks a service, with one request for each key. */
final class RestLookupReader implements LookupReader {
  private static final String NOT_NOW = "FLX-LOOKUP-0001";
  private static final String REFUSED = "FLX-LOOKUP-0002";
  private static final String ANSWER = "FLX-LOOKUP-0103";

  /** There is nothing at the URL, or no longer, or nothing in the answer. */
  private static final Set<Integer> ABSENT = Set.of(204, 404, 410);

  private static final Set<Integer> NO_ACCESS = Set.of(401, 403, 407);

  private final RestOptions options;
  private final FoundRows rows;
  private final HttpSender sender;

  RestLookupReader(RestOptions options, Schema fields) {
    this.options = options;
    this.rows = new FoundRows(fields);
    this.sender =
        HttpSender.toAnywhere(options.timeout(), Duration.ZERO, options.tls(), /* gzip= */ false);
  }

  @Override
  public int largestBatch() {
    return 1;
  }

  @Override
  public List<Found> ask(List<List<Object>> keys) throws Exception {
    List<Found> found = new ArrayList<>(keys.size());
    for (String url : options.urls().of(keys)) {
      found.add(found(url));
    }
    return found;
  }

  private Found found(String url) throws Exception {
    HttpCall call =
        HttpCall.get(URI.create(url))
            .with("Accept", "application/json")
            .with("User-Agent", "FluxCore")
            .with(options.headers());
    String token = options.token().read();
    HttpAnswer answer =
        sender.once(token == null ? call : call.with("Authorization", "Bearer " + token));
    if (ABSENT.contains(answer.status())) {
      return Found.ABSENT;
    }
    if (answer.isSuccess()) {
      return rows.ofJson(answer.text(), options.rows());
    }
    if (answer.isForNow() || answer.status() >= 500) {
      throw new FluxCoreException(
          ErrorCategory.EXTERNAL,
          List.of(
              Diagnostic.error(
                  NOT_NOW,
                  Place.of("url"),
                  url + " answers with " + answer.reason(),
                  "see whether the service is well")),
          null);
    }
    if (NO_ACCESS.contains(answer.status()) || answer.status() < 400) {
      String location = answer.header("location");
      throw FluxCoreException.user(
          REFUSED,
          Place.of("url"),
          url
              + " answers with "
              + answer.reason()
              + (location == null ? "" : ", and sends on to " + location),
          answer.status() < 400
              ? "give the URL that it sends on to: redirects are not followed"
              : "give the token or the headers that it expects");
    }
    return Found.failed(new RecordException(ANSWER, url + " answers with " + answer.reason()));
  }

  @Override
  public void close() {
    sender.close();
  }
}
