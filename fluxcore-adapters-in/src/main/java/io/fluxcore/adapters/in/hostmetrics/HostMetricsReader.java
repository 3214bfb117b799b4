package io.fluxcore.adapters.in.hostmetrics;

import io.fluxcore.adapters.in.hostmetrics.Reading.Measurement;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source.Split;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.WakeUp;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Envelope;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Field;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes rows of the readings of a {@link Sampler}. Never waits for the machine. */
final class HostMetricsReader implements SourceReader {
  private static final int MICROS_PER_MILLI = 1000;

  private final ReaderContext context;
  private final Function<HostMetricsReader, Function<Long, Sampler>> samplers;
  private final long last;
  private final WakeUp wakeUp = new WakeUp();
  private @Nullable Split split;
  private @Nullable Sampler sampler;
  private @Nullable Thread thread;
  private long done;
  private @Nullable Reading current;
  private int next;

  /**
   * A reader.
   *
   * @param samplers makes a sampler for a reader, from a number of a reading on
   * @param last number of the last reading
   */
  HostMetricsReader(
      ReaderContext context,
      Function<HostMetricsReader, Function<Long, Sampler>> samplers,
      long last) {
    this.context = context;
    this.samplers = samplers;
    this.last = last;
  }

  @Override
  public void assign(Split assigned, @Nullable SplitPosition position) {
    split = assigned;
    done = position == null ? 0 : number(position);
    Sampler made = samplers.apply(this).apply(done + 1);
    Thread running = new Thread(made, context.operatorId() + ": host metrics");
    running.setDaemon(true);
    running.start();
    sampler = made;
    thread = running;
  }

  private static long number(SplitPosition position) {
    try {
      return Long.parseLong(position.text().replaceFirst("^reading ", ""));
    } catch (NumberFormatException e) {
      throw new FluxCoreException(
          ErrorCategory.EXTERNAL,
          List.of(
              Diagnostic.error(
                  "FLX-HOST-METRICS-0001",
                  Place.WHOLE,
                  "'" + position.text() + "' is no position of host metrics",
                  "start from a checkpoint of this source")),
          e);
    }
  }

  @Override
  public Poll poll(Duration maxWait) {
    Poll found = found();
    if (found == null && !maxWait.isZero()) {
      wakeUp.await(maxWait);
      found = found();
    }
    return found == null ? Poll.Nothing.INSTANCE : found;
  }

  private @Nullable Poll found() {
    Split of = split;
    Sampler from = sampler;
    if (of == null || from == null) {
      return null;
    }
    if (done >= last) {
      close();
      return new Poll.EndOfSplit(of.id());
    }
    Reading reading = current;
    if (reading == null) {
      reading = from.poll();
      if (reading == null) {
        check(from);
        return null;
      }
      current = reading;
      next = 0;
    }
    int end = Math.min(reading.measurements().size(), next + context.batchRows());
    EventBatch batch = batch(reading, next, end);
    next = end;
    if (end == reading.measurements().size()) {
      done = reading.number();
      current = null;
    }
    return new Poll.Rows(of.id(), batch, new SplitPosition("reading " + done));
  }

  private static void check(Sampler from) {
    Throwable failure = from.failure();
    if (failure != null) {
      throw new FluxCoreException(
          ErrorCategory.EXTERNAL,
          List.of(
              Diagnostic.error(
                  "FLX-HOST-METRICS-0002",
                  Place.WHOLE,
                  "this machine's metrics cannot be read: " + failure,
                  failure instanceof LinkageError
                      ? "add com.github.oshi:oshi-core to the class path"
                      : "see the cause")),
          failure);
    }
  }

  private EventBatch batch(Reading reading, int from, int to) {
    EventBatchBuilder builder = new EventBatchBuilder(context.schema(), Math.max(1, to - from));
    for (int i = from; i < to; i++) {
      Measurement measured = reading.measurements().get(i);
      for (int c = 0; c < context.schema().size(); c++) {
        append(builder, c, context.schema().field(c), reading, measured);
      }
      builder.endRow(Math.floorDiv(reading.micros(), MICROS_PER_MILLI));
    }
    return builder.build().withEnvelope(Envelope.ofSource(context.operatorId()));
  }

  private static void append(
      EventBatchBuilder builder, int column, Field field, Reading reading, Measurement measured) {
    var to = builder.column(column);
    switch (field.name()) {
      case "time" -> to.appendLong(reading.micros());
      case "host" -> to.appendString(reading.host());
      case "metric" -> to.appendString(measured.metric());
      case "device" -> to.appendString(measured.device());
      case "value" -> {
        Double value = measured.value();
        if (value == null) {
          to.appendNull();
        } else {
          to.appendDouble(value);
        }
      }
      default -> to.appendString(measured.unit());
    }
  }

  @Override
  public void wakeUp() {
    wakeUp.call();
  }

  /** Does not wait for the sampler: it may hang in a call to the machine. */
  @Override
  public void close() {
    Sampler ended = sampler;
    Thread running = thread;
    sampler = null;
    thread = null;
    if (ended != null && running != null) {
      ended.close();
      running.interrupt();
    }
  }
}
