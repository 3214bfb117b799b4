package io.fluxcore.adapters.out.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.http.Abortable;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Requests, each on a thread of its own, so that who waits for one can be interrupted: the request
 * is ended then by closing its connection. There are as many threads as requests under way.
 * Thread-safe.
 */
final class S3Calls implements AutoCloseable {
  private static final long IDLE_SECONDS = 30;

  private final S3Client client;
  private final AbortableHttp http;
  private final S3Errors errors;
  private final ExecutorService threads;

  /** Of requests under way. */
  private final Set<AbortableHttp.Line> lines = ConcurrentHashMap.newKeySet();

  S3Calls(S3Client client, AbortableHttp http, S3Errors errors) {
    this.client = client;
    this.http = http;
    this.errors = errors;
    AtomicLong numbers = new AtomicLong();
    this.threads =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            work -> {
              Thread thread = new Thread(work, "fluxcore-s3-" + numbers.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** What is asked of the store. */
  @FunctionalInterface
  interface Call<T> {
    T make(S3Client client);
  }

  /** A request under way. */
  static final class Running<T> {
    private final S3Errors errors;
    private final String uri;
    private final AbortableHttp.Line line;
    private final Future<T> future;

    private Running(S3Errors errors, String uri, AbortableHttp.Line line, Future<T> future) {
      this.errors = errors;
      this.uri = uri;
      this.line = line;
      this.future = future;
    }

    /**
     * Its answer.
     *
     * @throws InterruptedIOException if the calling thread is interrupted; the request has ended
     *     then
     * @throws IOException if it was refused or not answered, after it was tried again
     */
    T await() throws IOException {
      try {
        return future.get();
      } catch (InterruptedException | CancellationException e) {
        abort();
        InterruptedIOException interrupted = new InterruptedIOException("given up: " + uri);
        interrupted.initCause(e);
        throw interrupted;
      } catch (ExecutionException e) {
        throw errors.at(uri, e.getCause() == null ? e : e.getCause());
      }
    }

    void abort() {
      line.abort();
      future.cancel(true);
    }
  }

  /**
   * Begins a request.
   *
   * @param uri of what it is about, for errors
   */
  <T> Running<T> start(String uri, Call<T> call) {
    AbortableHttp.Line line = new AbortableHttp.Line();
    return new Running<>(errors, uri, line, threads.submit(() -> make(call, line)));
  }

  private <T> T make(Call<T> call, AbortableHttp.Line line) {
    AbortableHttp.use(line);
    lines.add(line);
    try {
      T answer = call.make(client);
      if (line.isAborted() && answer instanceof Abortable stream) {
        stream.abort(); // nobody waits for it any more
      }
      return answer;
    } finally {
      lines.remove(line);
      AbortableHttp.release();
    }
  }

  /** Makes a request: {@link Running#await}. */
  <T> T make(String uri, Call<T> call) throws IOException {
    if (Thread.interrupted()) {
      throw new InterruptedIOException("given up: " + uri);
    }
    return start(uri, call).await();
  }

  /** Ends what is under way. */
  @Override
  public void close() {
    threads.shutdownNow();
    lines.forEach(AbortableHttp.Line::abort);
    client.close();
    http.close();
  }
}
