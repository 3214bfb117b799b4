package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.publish.PublishRefused;
import io.fluxcore.application.publish.PublishResult;
import io.fluxcore.application.publish.PublishStreams;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Streams that keep what they are given. {@code clicks} takes everything that is JSON; {@code full}
 * takes three events and then no more; {@code secret} takes those of who knows its token.
 */
public final class FakeStreams implements PublishStreams {
  private static final int ROOM = 3;

  private final List<String> taken = new ArrayList<>();
  private final AtomicLong refused = new AtomicLong();

  @Override
  public List<String> names() {
    return List.of("clicks", "full", "secret");
  }

  @Override
  public boolean admits(String stream, @Nullable String authorization) {
    if (!stream.equals("secret") || "Bearer geheim".equals(authorization)) {
      return true;
    }
    refused.incrementAndGet();
    return false;
  }

  @Override
  public List<String> challenges(String stream) {
    return stream.equals("secret") ? List.of("Bearer realm=\"fluxcore\"") : List.of();
  }

  @Override
  public long refused(String stream) {
    return stream.equals("secret") ? refused.get() : 0;
  }

  @Override
  public synchronized PublishResult publish(String stream, List<byte[]> events) {
    if (!names().contains(stream)) {
      throw new FluxCoreException(
          ErrorCategory.NOT_FOUND,
          Diagnostic.error("FLX-HTTP-0001", Place.of("stream"), "no such stream", ""));
    }
    if (stream.equals("full") && events.size() > ROOM) {
      throw new PublishRefused(
          Diagnostic.error(
              "FLX-HTTP-0429", Place.of("stream 'full'"), "the stream is full", "send later"),
          ROOM,
          Duration.ofSeconds(2),
          null);
    }
    if (events.size() == 1 && new String(events.get(0), StandardCharsets.UTF_8).contains("fsync")) {
      throw new FluxCoreException(
          ErrorCategory.EXTERNAL,
          Diagnostic.error("FLX-PUBLISH-0009", Place.of("spool"), "the disk is gone", "mend it"));
    }
    List<PublishResult.Rejection> rejected = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      try {
        Json.MAPPER.readTree(events.get(i));
        taken.add(new String(events.get(i), StandardCharsets.UTF_8));
      } catch (JacksonException e) {
        rejected.add(new PublishResult.Rejection(i, "FLX-FORMAT-0001", "is not JSON"));
      }
    }
    return new PublishResult(events.size() - rejected.size(), rejected, true);
  }

  /** Everything that was taken, and forgets it. */
  public synchronized List<String> drain() {
    List<String> all = List.copyOf(taken);
    taken.clear();
    return all;
  }
}
