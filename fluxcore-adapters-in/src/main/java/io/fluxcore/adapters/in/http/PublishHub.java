package io.fluxcore.adapters.in.http;

import io.fluxcore.adapters.in.backlog.Backlog;
import io.fluxcore.adapters.in.backlog.BacklogFull;
import io.fluxcore.adapters.in.backlog.BacklogTooSmall;
import io.fluxcore.adapters.in.backlog.Message;
import io.fluxcore.adapters.in.backlog.MessageProperties;
import io.fluxcore.adapters.in.format.JsonSyntax;
import io.fluxcore.application.connector.Access;
import io.fluxcore.application.publish.PublishRefused;
import io.fluxcore.application.publish.PublishResult;
import io.fluxcore.application.publish.PublishResult.Rejection;
import io.fluxcore.application.publish.PublishStreams;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.NearestName;
import io.fluxcore.domain.error.Place;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Where publishers find the streams that readers have opened. Thread-safe. */
final class PublishHub implements PublishStreams {
  /** A job that restarts is away for a moment: until then publishers are asked to wait. */
  private static final Duration RESTART = Duration.ofSeconds(60);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final Duration RETRY_IN_MEMORY = Duration.ofMillis(100);
  private static final Duration RETRY_WITH_SPOOL = Duration.ofSeconds(1);
  private static final String REFUSED = "FLX-PUBLISH-0002";

  private static final System.Logger LOG = System.getLogger(PublishHub.class.getName());

  private final InstantSource clock;
  private final ConcurrentMap<String, OpenStream> open = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Instant> closed = new ConcurrentHashMap<>();

  /**
   * A stream that is being read.
   *
   * @param maxEventBytes of one event
   * @param access who may publish from outside
   * @param refused how many requests were not let in
   * @param arrived told that there is something to read
   */
  record OpenStream(
      String name,
      Backlog backlog,
      long maxEventBytes,
      Access access,
      AtomicLong refused,
      Runnable arrived) {}

  PublishHub(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * A reader begins.
   *
   * @throws FluxCoreException if another one reads the stream
   */
  void open(OpenStream stream) {
    if (open.putIfAbsent(stream.name(), stream) != null) {
      throw new FluxCoreException(
          ErrorCategory.STATE_CONFLICT,
          Diagnostic.error(
              "FLX-HTTP-0001",
              Place.of("stream"),
              "stream '" + stream.name() + "' is read by another source already",
              "give each source a stream of its own name"));
    }
    closed.remove(stream.name());
  }

  /** A reader ends. */
  void close(OpenStream stream) {
    if (open.remove(stream.name(), stream)) {
      closed.put(stream.name(), clock.instant());
    }
  }

  @Override
  public List<String> names() {
    return open.keySet().stream().sorted().toList();
  }

  @Override
  public boolean admits(String name, @Nullable String authorization) {
    OpenStream stream = open.get(name);
    if (stream == null || isAdmitted(stream, authorization)) {
      return true;
    }
    long number = stream.refused().incrementAndGet();
    if (Long.bitCount(number) == 1) { // the first, second, fourth, eighth …
      LOG.log(
          System.Logger.Level.WARNING,
          "stream ''{0}'': a request without the right secret was refused; refused so far: {1}",
          name,
          number);
    }
    return false;
  }

  /** Nobody is let in without a secret to compare with, and no client is told why. */
  private static boolean isAdmitted(OpenStream stream, @Nullable String authorization) {
    try {
      return stream.access().admits(authorization);
    } catch (FluxCoreException e) {
      LOG.log(
          System.Logger.Level.ERROR,
          "stream ''{0}'' lets nobody in: {1}",
          stream.name(),
          e.getMessage());
      return false;
    }
  }

  @Override
  public List<String> challenges(String name) {
    OpenStream stream = open.get(name);
    return stream == null ? List.of() : stream.access().challenges();
  }

  @Override
  public long refused(String name) {
    OpenStream stream = open.get(name);
    return stream == null ? 0 : stream.refused().get();
  }

  @Override
  public PublishResult publish(String name, List<byte[]> events) {
    OpenStream stream = open.get(name);
    if (stream == null) {
      throw absent(name);
    }
    List<Rejection> rejected = new ArrayList<>();
    List<byte[]> good = good(stream, events, rejected);
    if (!good.isEmpty()) {
      append(stream, good);
      stream.arrived().run();
    }
    return new PublishResult(good.size(), rejected, stream.backlog().isDurable());
  }

  private void append(OpenStream stream, List<byte[]> events) {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    List<Message> messages = new ArrayList<>(events.size());
    for (byte[] event : events) {
      messages.add(new Message(event, micros, MessageProperties.NONE));
    }
    try {
      stream.backlog().append(messages);
    } catch (BacklogFull e) {
      Diagnostic why = e.diagnostics().get(0);
      throw new PublishRefused(
          stream.backlog().isDurable()
              ? why
              : Diagnostic.error(REFUSED, Place.of(stream.name()), why.message(), why.remedy()),
          0,
          stream.backlog().isDurable() ? RETRY_WITH_SPOOL : RETRY_IN_MEMORY,
          e);
    } catch (BacklogTooSmall e) {
      throw new FluxCoreException(
          ErrorCategory.USER,
          List.of(
              Diagnostic.error(
                  "FLX-PUBLISH-0003",
                  Place.of(stream.name()),
                  e.diagnostics().get(0).message(),
                  "publish fewer at a time, or give the stream a larger buffer")),
          e);
    }
  }

  private static List<byte[]> good(
      OpenStream stream, List<byte[]> events, List<Rejection> rejected) {
    List<byte[]> good = new ArrayList<>(events.size());
    for (int i = 0; i < events.size(); i++) {
      byte[] event = events.get(i);
      Rejection rejection = check(stream, i, event);
      if (rejection == null) {
        good.add(event);
      } else {
        rejected.add(rejection);
      }
    }
    return good;
  }

  private static @Nullable Rejection check(OpenStream stream, int index, byte[] event) {
    if (event.length > stream.maxEventBytes()) {
      return new Rejection(
          index,
          "FLX-FORMAT-0002",
          "the event has "
              + event.length
              + " bytes, more than the "
              + stream.maxEventBytes()
              + " of maxEventBytes");
    }
    String problem = JsonSyntax.problem(event);
    return problem == null ? null : new Rejection(index, JsonSyntax.CODE, problem);
  }

  private FluxCoreException absent(String name) {
    Instant since = closed.get(name);
    if (since != null && clock.instant().isBefore(since.plus(RESTART))) {
      return new PublishRefused(
          Diagnostic.error(
              REFUSED,
              Place.of(name),
              "the job that reads stream '" + name + "' is not running just now",
              "try again a little later: it may be restarting"),
          0,
          RETRY_AFTER,
          null);
    }
    List<String> names = names();
    return new FluxCoreException(
        ErrorCategory.NOT_FOUND,
        Diagnostic.error(
            "FLX-PUBLISH-0001",
            Place.of(name),
            "no running job reads a stream '" + name + "'",
            names.isEmpty()
                ? "start a job with a source {connector: http, stream: " + name + "}"
                : NearestName.remedy(name, names, "streams are")));
  }
}
