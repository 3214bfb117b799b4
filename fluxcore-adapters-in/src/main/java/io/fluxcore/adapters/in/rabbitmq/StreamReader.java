package io.fluxcore.adapters.in.rabbitmq;

import io.fluxcore.adapters.in.backlog.Message;
import io.fluxcore.adapters.in.format.MessageRows;
import io.fluxcore.adapters.in.rabbitmq.StreamInflow.Arrived;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source.Split;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.WakeUp;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream by offsets. Where it is begun is given to the host as a position without rows: so
 * a checkpoint holds it before the first message has come.
 */
final class StreamReader implements SourceReader {
  private static final int MICROS_PER_MILLI = 1000;

  private final StreamSource source;
  private final MessageRows rows;
  private final WakeUp wakeUp = new WakeUp();
  private String split = "";
  private @Nullable StreamInflow inflow;

  StreamReader(StreamSource source, ReaderContext context) {
    this.source = source;
    this.rows = new MessageRows(source.format(), source.fields(), context, StreamSettings.OFFSET);
  }

  @Override
  public void assign(Split assigned, @Nullable SplitPosition position) {
    split = assigned.id();
    StreamPosition from;
    try {
      from = position == null ? source.stream().start() : StreamPosition.parse(position.text());
    } catch (IllegalArgumentException e) {
      throw RabbitMqConnections.noPosition(e);
    }
    inflow = StreamInflow.open(source, from, wakeUp::call);
  }

  @Override
  public Poll poll(Duration maxWait) {
    Poll found = next();
    if (found == null && !maxWait.isZero()) {
      wakeUp.await(maxWait);
      found = next();
    }
    return found == null ? Poll.Nothing.INSTANCE : found;
  }

  private @Nullable Poll next() {
    StreamInflow open = inflow;
    if (open == null) {
      return null;
    }
    boolean begins = open.begins();
    Arrived one = open.peek();
    if (one == null && !begins) {
      open.check();
      return null;
    }
    while (one != null && !rows.isFull()) {
      add(one);
      open.take();
      one = open.peek();
    }
    open.goOn();
    return rows.rows(split, open.position(), offset -> split + "@" + offset);
  }

  private void add(Arrived one) {
    Message message = one.message();
    byte[] bytes = message.bytes();
    long millis = Math.floorDiv(message.micros(), MICROS_PER_MILLI);
    rows.add(bytes, 0, bytes.length, one.offset(), millis);
    String key = message.properties().key();
    if (key != null) {
      rows.key(ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8)));
    }
    String id = message.properties().id();
    if (id != null) {
      rows.id(id);
    }
    rows.headers(message.properties().headers());
  }

  /** As if it came now. */
  @Override
  public Decoded decode(String ofSplit, byte[] record) {
    return rows.decode(record, System.currentTimeMillis());
  }

  @Override
  public void wakeUp() {
    wakeUp.call();
  }

  @Override
  public void close() {
    StreamInflow open = inflow;
    inflow = null;
    if (open != null) {
      open.close();
    }
  }
}
