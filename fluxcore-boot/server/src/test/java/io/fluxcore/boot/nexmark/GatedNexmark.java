package io.fluxcore.boot.nexmark;

import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.domain.event.Schema;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The connector {@code nexmark} with other options than a table gives it, and batches of a size; it
 * stops half way until it is told to go on.
 */
final class GatedNexmark implements SourceConnector {
  private final SourceConnector nexmark;
  private final Map<String, Object> options;
  private final int batchRows;
  private final long half;
  private final AtomicLong given = new AtomicLong();
  private final CountDownLatch halfGiven = new CountDownLatch(1);
  private final CountDownLatch mayGoOn = new CountDownLatch(1);

  /**
   * A source.
   *
   * @param half after how many events it stops, about
   */
  GatedNexmark(SourceConnector nexmark, Map<String, Object> options, int batchRows, long half) {
    this.nexmark = nexmark;
    this.options = options;
    this.batchRows = batchRows;
    this.half = half;
  }

  /** Waits until it has stopped. */
  boolean awaitHalf(Duration patience) throws InterruptedException {
    return halfGiven.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  void goOn() {
    mayGoOn.countDown();
  }

  @Override
  public ConnectorDescriptor descriptor() {
    return nexmark.descriptor();
  }

  @Override
  public Source create(ConnectorOptions given, ConnectorServices services) {
    return new Gated(nexmark.create(OptionParser.parse(descriptor(), options).orThrow(), services));
  }

  private final class Gated implements Source {
    private final Source source;

    Gated(Source source) {
      this.source = source;
    }

    @Override
    public @Nullable Schema schema() {
      return source.schema();
    }

    @Override
    public boolean isBounded() {
      return source.isBounded();
    }

    @Override
    public List<Split> discoverSplits() {
      return source.discoverSplits();
    }

    @Override
    public SourceReader createReader(ReaderContext context) {
      return new Reader(
          source.createReader(
              new ReaderContext(
                  context.operatorId(),
                  context.subtask(),
                  context.parallelism(),
                  context.schema(),
                  context.keepRaw(),
                  context.filter(),
                  batchRows)));
    }
  }

  private final class Reader implements SourceReader {
    private final SourceReader reader;

    Reader(SourceReader reader) {
      this.reader = reader;
    }

    @Override
    public void assign(Source.Split split, @Nullable SplitPosition position) {
      reader.assign(split, position);
    }

    @Override
    public boolean holdSplits(Set<String> splits) {
      return reader.holdSplits(splits);
    }

    @Override
    public Poll poll(Duration maxWait) {
      if (given.get() >= half && mayGoOn.getCount() > 0) {
        halfGiven.countDown();
        return awaitGoOn();
      }
      Poll poll = reader.poll(maxWait);
      if (poll instanceof Poll.Rows rows) {
        given.addAndGet(rows.batch().size());
      }
      return poll;
    }

    private Poll awaitGoOn() {
      try {
        mayGoOn.await(1, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return Poll.Nothing.INSTANCE;
    }

    @Override
    public void close() {
      reader.close();
    }
  }
}
