package io.fluxcore.adapters.in.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import io.fluxcore.adapters.in.backlog.KeptConnection;
import io.fluxcore.adapters.in.backlog.Message;
import io.fluxcore.adapters.in.rabbitmq.StreamSettings.LostOffsets;
import io.fluxcore.application.connector.SplitPosition;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Messages of a stream on their way. A connection that ends is made again, and goes on behind what
 * was taken. Acknowledgements only say that there is room for more.
 *
 * <p>The server says nothing of offsets that are not there: where the next one was deleted, it
 * begins with the oldest that is left, and where a stream was made anew, it is silent until that
 * has as many messages. So each connection asks for the message that was taken last once more. If
 * that does not come, or a later one than the next, the ends of the stream are looked at. Offsets
 * may be missing without a loss, since the server keeps notes of its own among the messages.
 *
 * <p>Nor does it say anything to a consumer that came too early while it was starting. So one that
 * is silent is made anew now and then.
 */
final class StreamInflow implements AutoCloseable {
  static final String OFFSET_ARGUMENT = "x-stream-offset";

  private static final System.Logger LOG = System.getLogger(StreamInflow.class.getName());
  private static final long FIRST_PATIENCE_MILLIS = 2_000;
  private static final long LONGEST_PATIENCE_MILLIS = 60_000;
  private static final long SHORTEST_WAIT_NANOS = 10_000_000;
  private static final long NONE = -1;

  private final StreamSource source;
  private final ConnectionFactory factory;
  private final KeptConnection connection;
  private final Runnable arrived;
  private final Deque<Arrived> waiting = new ArrayDeque<>();

  private @Nullable Channel current;

  /** Where reading goes on behind what was taken. */
  private StreamPosition next;

  /** Whether the host knows of it. */
  private boolean isTold;

  /** Whether this connection has given anything, so that the stream reaches as far as it did. */
  private boolean isProven;

  private long givenNanos;

  /** How long it may give nothing. */
  private long patienceMillis = FIRST_PATIENCE_MILLIS;

  /** Whether messages seem to be missing before the first one that waits. */
  private boolean hasGap;

  /** The message before which none is missing that could be had. */
  private long accepted = NONE;

  private long taken = NONE;
  private long acknowledgeable = NONE;
  private @Nullable String end;

  /**
   * A message that is there.
   *
   * @param tag by which its place is given back
   */
  record Arrived(long offset, Message message, long tag) {}

  /** What the thread of the connection has to do. */
  private enum Duty {
    ACKNOWLEDGE,
    JUDGE_GAP,
    CONSUME_ANEW
  }

  private StreamInflow(StreamSource source, StreamPosition from, Runnable arrived) {
    this.source = source;
    this.next = from;
    this.arrived = arrived;
    this.factory = RabbitMqConnections.factory(source.server(), source.virtualHost());
    this.connection =
        new KeptConnection(source.queue() + " at " + source.server(), this::read, arrived);
  }

  static StreamInflow open(StreamSource source, StreamPosition from, Runnable arrived) {
    StreamInflow inflow = new StreamInflow(source, from, arrived);
    inflow.connection.start();
    return inflow;
  }

  /** Whether the host does not know of where reading begins, and that is known; asked once. */
  synchronized boolean begins() {
    if (isTold || next.equals(StreamPosition.LATEST)) {
      return false;
    }
    isTold = true;
    return true;
  }

  /** The next message; null if there is none at hand. */
  synchronized @Nullable Arrived peek() {
    Arrived head = waiting.peek();
    if (head == null
        || !next.isOffset()
        || head.offset() <= next.value()
        || head.offset() == accepted) {
      return head;
    }
    if (!hasGap) {
      hasGap = true;
      notifyAll();
    }
    return null;
  }

  /** The message of {@link #peek} is taken. */
  synchronized void take() {
    Arrived head = waiting.remove();
    next = StreamPosition.at(head.offset() + 1);
    taken = head.tag();
  }

  /** There is room for as many as were taken. */
  synchronized void goOn() {
    if (taken != NONE) {
      acknowledgeable = taken;
      taken = NONE;
      notifyAll();
    }
  }

  synchronized SplitPosition position() {
    return next.toSplitPosition();
  }

  /**
   * Returns if messages may still come.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException what has ended it for good
   */
  void check() {
    connection.check();
  }

  @Override
  public void close() {
    connection.close();
  }

  /** One connection, from its beginning to its end. */
  private void read(Runnable connected) throws IOException, InterruptedException {
    Connection open = RabbitMqConnections.open(factory, source.server(), "fluxcore source");
    try {
      RabbitMqConnections.find(RabbitMqConnections.channel(open), source.queue());
      while (true) {
        consume(open, connected);
      }
    } catch (ShutdownSignalException e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      open.abort(RabbitMqConnections.CLOSE_MILLIS);
    }
  }

  /** Reads until reading has to go on elsewhere. */
  private void consume(Connection open, Runnable connected)
      throws IOException, InterruptedException {
    StreamPosition from = start(open);
    Channel channel = RabbitMqConnections.channel(open);
    channel.basicQos(source.prefetch());
    begin(channel);
    channel.addShutdownListener(why -> end(channel, String.valueOf(why.getMessage())));
    RabbitMqConnections.consume(
        channel, source.queue(), Map.of(OFFSET_ARGUMENT, from.argument()), new Deliveries(channel));
    connected.run();
    attend(open, channel);
    channel.abort();
  }

  /** Where reading begins; the end of the stream becomes an offset, which checkpoints can hold. */
  private StreamPosition start(Connection open) throws IOException, InterruptedException {
    synchronized (this) {
      if (!next.equals(StreamPosition.LATEST)) {
        return next;
      }
    }
    long last = StreamEnds.last(open, source.queue());
    if (last == StreamEnds.NONE && isFilled(open)) {
      throw new IOException("the server does not give the last message");
    }
    synchronized (this) {
      // Where there is none, the next offset is not known: the stream may have been trimmed.
      next = last == StreamEnds.NONE ? StreamPosition.EARLIEST : StreamPosition.at(last + 1);
      arrived.run();
      return next;
    }
  }

  private boolean isFilled(Connection open) throws IOException {
    Channel channel = RabbitMqConnections.channel(open);
    boolean isFilled = channel.messageCount(source.queue().name()) > 0;
    channel.abort();
    return isFilled;
  }

  private synchronized void begin(Channel channel) {
    current = channel;
    waiting.clear();
    isProven = false;
    givenNanos = System.nanoTime();
    hasGap = false;
    accepted = NONE;
    taken = NONE;
    acknowledgeable = NONE;
    end = null;
  }

  private synchronized void end(Channel channel, String why) {
    if (channel == current && end == null) {
      end = why;
      notifyAll();
    }
  }

  private synchronized void deliver(Channel channel, long tag, long offset, Message message) {
    if (channel != current) {
      return;
    }
    isProven = true;
    givenNanos = System.nanoTime();
    if (next.isOffset() && offset < next.value()) {
      if (waiting.isEmpty()) {
        acknowledgeable = tag;
        notifyAll();
      }
      return;
    }
    patienceMillis = FIRST_PATIENCE_MILLIS;
    waiting.add(new Arrived(offset, message, tag));
    arrived.run();
  }

  /** Does what has to be done on the connection until reading has to go on elsewhere. */
  private void attend(Connection open, Channel channel) throws IOException, InterruptedException {
    while (true) {
      switch (nextDuty()) {
        case ACKNOWLEDGE -> channel.basicAck(takeAcknowledgeable(), true);
        case JUDGE_GAP -> {
          if (!isLossless(open)) {
            return;
          }
        }
        case CONSUME_ANEW -> {
          lookForStream(open);
          return;
        }
      }
    }
  }

  private synchronized Duty nextDuty() throws IOException, InterruptedException {
    while (true) {
      if (end != null) {
        throw new IOException(end);
      }
      if (acknowledgeable != NONE) {
        return Duty.ACKNOWLEDGE;
      }
      if (hasGap) {
        return Duty.JUDGE_GAP;
      }
      long patienceNanos = TimeUnit.MILLISECONDS.toNanos(patienceMillis);
      long leftNanos = givenNanos + patienceNanos - System.nanoTime();
      if (leftNanos <= 0 && waiting.isEmpty()) {
        patienceMillis = Math.min(2 * patienceMillis, LONGEST_PATIENCE_MILLIS);
        return Duty.CONSUME_ANEW;
      }
      // While messages wait here, it is not known whether there are more.
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(leftNanos, SHORTEST_WAIT_NANOS));
    }
  }

  private synchronized long takeAcknowledgeable() {
    long tag = acknowledgeable;
    acknowledgeable = NONE;
    return tag;
  }

  /** Whether what is missing never was a message; otherwise goes on as configured. */
  private boolean isLossless(Connection open) throws IOException, InterruptedException {
    long wanted;
    long found;
    synchronized (this) {
      Arrived head = waiting.peek();
      wanted = next.value();
      found = head == null ? wanted : head.offset();
    }
    long first = StreamEnds.first(open, source.queue());
    if (first == StreamEnds.NONE) {
      throw new IOException("the server does not give the first message");
    }
    boolean isLossless = first <= wanted;
    boolean goesOn =
        isLossless
            || goOn(
                RabbitMqConnections.LOST,
                "about "
                    + (found - wanted)
                    + " messages of "
                    + source.queue()
                    + " from offset "
                    + wanted
                    + " on were deleted before they were read; the oldest one is "
                    + first);
    if (goesOn) {
      synchronized (this) {
        accepted = found;
        hasGap = false;
        arrived.run();
      }
    }
    return goesOn;
  }

  /** Looks whether the stream is another one, if not even the last message came again. */
  private void lookForStream(Connection open) throws IOException, InterruptedException {
    StreamPosition from;
    synchronized (this) {
      from = next;
      if (isProven || !from.isOffset() || from.value() == 0) {
        return;
      }
    }
    long last = StreamEnds.last(open, source.queue());
    long wanted = from.value() - 1;
    synchronized (this) {
      if (isProven || last == StreamEnds.NONE || last >= wanted) {
        return;
      }
    }
    goOn(
        RabbitMqConnections.ANOTHER_STREAM,
        "there is no message "
            + wanted
            + " of "
            + source.queue()
            + ", whose last one is "
            + last
            + ": it was cut off or made anew");
    if (source.stream().lostOffsets() == LostOffsets.EARLIEST) {
      beginAnew(StreamPosition.EARLIEST);
    }
  }

  /** Whether reading goes on with the oldest message that is there; if not, with the newest. */
  private boolean goOn(String code, String what) {
    LostOffsets wanted = source.stream().lostOffsets();
    if (wanted == LostOffsets.FAIL) {
      throw RabbitMqConnections.lost(code, what);
    }
    boolean earliest = wanted == LostOffsets.EARLIEST;
    LOG.log(
        Level.WARNING,
        "{0}; reading goes on with the {1} message",
        what,
        earliest ? "oldest" : "next");
    if (!earliest) {
      beginAnew(StreamPosition.LATEST);
    }
    return earliest;
  }

  private synchronized void beginAnew(StreamPosition from) {
    current = null;
    waiting.clear();
    next = from;
    isTold = false;
  }

  /** Hands over what comes. */
  private final class Deliveries extends DefaultConsumer {
    Deliveries(Channel channel) {
      super(channel);
    }

    @Override
    public void handleDelivery(
        String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
      long offset = DeliveredMessage.offset(properties);
      if (offset == DeliveredMessage.NO_OFFSET) {
        end(getChannel(), "the server gives a message without its offset");
        return;
      }
      deliver(
          getChannel(),
          envelope.getDeliveryTag(),
          offset,
          DeliveredMessage.of(envelope, properties, body, source.byMessageId()));
    }

    @Override
    public void handleCancel(String tag) {
      end(
          getChannel(),
          "the server has cancelled the consumer: the stream was deleted or has moved");
    }
  }
}
