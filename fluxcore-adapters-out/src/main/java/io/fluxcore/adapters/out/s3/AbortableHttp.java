package io.fluxcore.adapters.out.s3;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * HTTP whose requests another thread can end: by closing their connection, since nothing else wakes
 * up a thread that waits for a socket.
 */
final class AbortableHttp implements SdkHttpClient {
  /** Of the thread that makes requests. */
  private static final ThreadLocal<@Nullable Line> LINES = new ThreadLocal<>();

  private final SdkHttpClient http;

  AbortableHttp(SdkHttpClient http) {
    this.http = http;
  }

  /** What a call has under way, one request after another. Thread-safe. */
  static final class Line {
    private @Nullable ExecutableHttpRequest current;
    private boolean aborted;

    private synchronized void begin(ExecutableHttpRequest request) throws IOException {
      if (aborted) {
        throw new IOException("given up");
      }
      current = request;
    }

    private synchronized void end() {
      current = null;
    }

    synchronized boolean isAborted() {
      return aborted;
    }

    /** Ends the request under way, and lets no other begin. */
    void abort() {
      ExecutableHttpRequest request;
      synchronized (this) {
        aborted = true;
        request = current;
      }
      if (request != null) {
        request.abort();
      }
    }
  }

  /** What the calling thread requests from here on can be aborted by the line. */
  static void use(Line line) {
    LINES.set(line);
  }

  static void release() {
    LINES.remove();
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    ExecutableHttpRequest prepared = http.prepareRequest(request);
    Line line = LINES.get();
    return line == null ? prepared : new Abortable(prepared, line);
  }

  /** A request of a line. */
  private record Abortable(ExecutableHttpRequest request, Line line)
      implements ExecutableHttpRequest {
    @Override
    public HttpExecuteResponse call() throws IOException {
      line.begin(request);
      try {
        return request.call();
      } finally {
        line.end();
      }
    }

    @Override
    public void abort() {
      request.abort();
    }
  }

  @Override
  public String clientName() {
    return http.clientName();
  }

  @Override
  public void close() {
    http.close();
  }
}
