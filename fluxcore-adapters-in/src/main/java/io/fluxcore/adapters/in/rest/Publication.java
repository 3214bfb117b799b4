package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.publish.PublishRefused;
import io.fluxcore.application.publish.PublishResult;
import io.fluxcore.application.publish.PublishStreams;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** The events of one request on their way into a stream, some at a time. Not thread-safe. */
final class Publication {
  private static final int EVENTS_AT_ONCE = 1_000;
  private static final int BYTES_AT_ONCE = 1 << 20;

  private final PublishStreams streams;
  private final String stream;
  private final RestSettings settings;
  private final List<byte[]> batch = new ArrayList<>();
  private final List<Integer> indexes = new ArrayList<>();
  private final List<PublishResource.RejectedEvent> rejected = new ArrayList<>();
  private int batchBytes;
  private int seen;
  private int accepted;
  private int rejectedCount;
  private boolean durable = true;

  Publication(PublishStreams streams, String stream, RestSettings settings) {
    this.streams = streams;
    this.stream = stream;
    this.settings = settings;
  }

  /**
   * Publishes all events.
   *
   * @throws Refused if that is not possible; says what became of the events before
   */
  PublishResource publish(EventSplitter events) throws IOException {
    try {
      EventSplitter.Piece piece = events.next();
      while (piece != null) {
        add(piece);
        piece = events.next();
      }
      flush();
    } catch (PublishRefused e) {
      throw backPressure(e);
    } catch (FluxCoreException e) {
      throw failed(e);
    } catch (Refused e) {
      throw stopped(e);
    }
    return soFar();
  }

  private void add(EventSplitter.Piece piece) {
    if (seen == settings.maxPublishEvents()) {
      throw Refused.tooLarge(
          "FLX-REST-0016",
          "there are more than " + settings.maxPublishEvents() + " events in the body",
          "send fewer events in a request");
    }
    if (piece.tooLong()) {
      reject(
          seen, "FLX-REST-0015", "the event is larger than " + settings.maxEventBytes() + " bytes");
    } else if (!piece.isObject()) {
      reject(seen, "FLX-REST-0014", "an event is a JSON object");
    } else {
      batch.add(piece.json());
      indexes.add(seen);
      batchBytes += piece.json().length;
    }
    seen++;
    if (batch.size() == EVENTS_AT_ONCE || batchBytes >= BYTES_AT_ONCE) {
      flush();
    }
  }

  private void reject(int index, String code, String error) {
    rejectedCount++;
    if (rejected.size() < PublishResource.MAX_REJECTIONS) {
      rejected.add(new PublishResource.RejectedEvent(index, code, error));
    }
  }

  private void flush() {
    if (batch.isEmpty()) {
      return;
    }
    PublishResult result = streams.publish(stream, List.copyOf(batch));
    accepted += result.accepted();
    durable &= result.durable();
    for (PublishResult.Rejection rejection : result.rejected()) {
      reject(indexes.get(rejection.index()), rejection.code(), rejection.message());
    }
    batch.clear();
    indexes.clear();
    batchBytes = 0;
  }

  /** What came before the trouble is published all the same: the answer counts it. */
  private Refused stopped(Refused trouble) {
    try {
      flush();
    } catch (PublishRefused e) {
      return backPressure(e);
    } catch (FluxCoreException e) {
      return failed(e);
    }
    return trouble.after(soFar());
  }

  /** Nothing of the last part was taken. */
  private Refused failed(FluxCoreException error) {
    if (error.category() == ErrorCategory.BUG) {
      throw error;
    }
    int processed = indexes.get(0);
    unsettle(processed);
    return Problems.refused(error).after(result(processed));
  }

  /** Events from here on are not settled: whoever sends them again is told of them again. */
  private void unsettle(int processed) {
    rejected.removeIf(event -> event.index() >= processed);
    rejectedCount = processed - accepted;
  }

  private Refused backPressure(PublishRefused refused) {
    accepted += refused.accepted();
    int processed = refused.accepted() < indexes.size() ? indexes.get(refused.accepted()) : seen;
    unsettle(processed);
    int seconds = (int) Math.min(3600, Math.max(1, refused.retryAfter().toSeconds()));
    return new Refused(
            HttpStatus.TOO_MANY_REQUESTS,
            refused.code(),
            refused.diagnostics().get(0).message(),
            "send the events from index " + processed + " on again, later")
        .retryAfter(seconds)
        .after(result(processed));
  }

  private PublishResource soFar() {
    return result(seen);
  }

  private PublishResource result(int processed) {
    return new PublishResource(
        stream, processed, accepted, rejectedCount, rejected, accepted > 0 && durable);
  }

  /** Whether an answer says that nothing at all was taken. */
  static @Nullable Refused nothingTaken(PublishResource result) {
    if (result.accepted() > 0 || result.rejectedCount() == 0) {
      return null;
    }
    return new Refused(
            HttpStatus.BAD_REQUEST,
            result.rejected().get(0).code(),
            "none of the "
                + result.rejectedCount()
                + " events was taken; the first: "
                + result.rejected().get(0).error(),
            "correct the events")
        .after(result);
  }
}
