package io.fluxcore.adapters.in.rest;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.util.MimeTypeUtils;

/** Responses that are written row by row, on the request's own thread. */
final class Streaming {
  static final String NDJSON = "application/x-ndjson";

  private Streaming() {}

  /** Writes to a client as it takes it; who hangs up is told no more. */
  static void write(HttpServletRequest request, HttpServletResponse response, Content content)
      throws IOException, InterruptedException {
    boolean events = wantsEvents(request);
    response.setContentType(events ? MediaType.TEXT_EVENT_STREAM_VALUE : NDJSON);
    response.setHeader("X-Accel-Buffering", "no");
    try {
      content.write(new StreamedClient(response.getOutputStream(), events));
    } catch (IOException e) {
      if (!response.isCommitted()) {
        throw e;
      }
      // The client has gone: there is nobody to be told.
    }
  }

  /** What is written. */
  @FunctionalInterface
  interface Content {
    void write(Reading.Client client) throws IOException, InterruptedException;
  }

  private static boolean wantsEvents(HttpServletRequest request) {
    for (MediaType type : accepted(request)) {
      if (type.isCompatibleWith(MediaType.valueOf(NDJSON))) {
        return false;
      }
      if (type.isCompatibleWith(MediaType.TEXT_EVENT_STREAM)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a client asks for rows in place of a document: it names a form of rows first. */
  static boolean wantsRows(HttpServletRequest request) {
    for (MediaType type : accepted(request)) {
      if (type.isCompatibleWith(MediaType.APPLICATION_JSON)) {
        return false;
      }
      if (type.isCompatibleWith(MediaType.valueOf(NDJSON))
          || type.isCompatibleWith(MediaType.TEXT_EVENT_STREAM)) {
        return true;
      }
    }
    return false;
  }

  private static List<MediaType> accepted(HttpServletRequest request) {
    List<MediaType> accepted =
        MediaType.parseMediaTypes(Collections.list(request.getHeaders("Accept")));
    MimeTypeUtils.sortBySpecificity(accepted);
    return accepted;
  }
}
