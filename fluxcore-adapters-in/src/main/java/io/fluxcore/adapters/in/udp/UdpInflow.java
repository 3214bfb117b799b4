package io.fluxcore.adapters.in.udp;

import io.fluxcore.adapters.in.backlog.Backlog;
import io.fluxcore.adapters.in.backlog.Inflow;
import io.fluxcore.adapters.in.backlog.Message;
import io.fluxcore.adapters.in.backlog.MessageProperties;
import io.fluxcore.adapters.in.backlog.PushInflow;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.domain.error.FluxCoreException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Takes datagrams as fast as it can. One for which there is no room is lost, and counted: waiting
 * would only have the system lose it. What the system lost, too, is asked of it.
 */
final class UdpInflow implements Inflow {
  private static final System.Logger LOG = System.getLogger(UdpInflow.class.getName());
  private static final int LARGEST = 65_535;
  private static final int MICROS_PER_MILLI = 1000;
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long CLOSE_MILLIS = 5_000;

  private final UdpSettings settings;
  private final PushInflow messages;
  private final AtomicLong refused = new AtomicLong();
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable DatagramSocket socket;
  private @Nullable Thread thread;
  private @Nullable SystemDrops drops;
  private long lookedNanos;
  private long dropped = -1;

  private UdpInflow(UdpSettings settings, PushInflow messages) {
    this.settings = settings;
    this.messages = messages;
  }

  static UdpInflow open(UdpSettings settings, PushInflow messages) {
    UdpInflow inflow = new UdpInflow(settings, messages);
    try {
      inflow.start();
    } catch (FluxCoreException e) {
      messages.fail(e);
    }
    return inflow;
  }

  private void start() {
    InetSocketAddress address = settings.address().resolve();
    DatagramSocket opened;
    try {
      opened = new DatagramSocket(null);
      opened.setReceiveBufferSize(settings.receiveBufferBytes());
      opened.bind(address);
      tellBuffer(opened.getReceiveBufferSize());
    } catch (IOException e) {
      throw settings.address().unusable(e);
    }
    socket = opened;
    drops = new SystemDrops(address);
    Thread receiving = new Thread(() -> receive(opened), settings.toString());
    receiving.setDaemon(true);
    receiving.start();
    thread = receiving;
  }

  private void tellBuffer(int bytes) {
    if (bytes < settings.receiveBufferBytes()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "{0}: the system gives a buffer of {1} bytes only; raise net.core.rmem_max, or ask for"
              + " less by receiveBufferBytes",
          settings,
          bytes);
    }
  }

  private void receive(DatagramSocket open) {
    DatagramPacket packet = new DatagramPacket(new byte[LARGEST], LARGEST);
    try {
      while (closed.getCount() > 0) {
        try {
          packet.setLength(LARGEST);
          open.receive(packet);
          take(packet);
        } catch (IOException e) {
          if (closed.getCount() > 0) {
            LOG.log(System.Logger.Level.WARNING, "{0}: cannot receive: {1}", settings, e);
            closed.await(100, TimeUnit.MILLISECONDS);
          }
        }
      }
    } catch (RuntimeException e) {
      messages.fail(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void take(DatagramPacket packet) {
    int from = packet.getOffset();
    Message message =
        new Message(
            Arrays.copyOfRange(packet.getData(), from, from + packet.getLength()),
            System.currentTimeMillis() * MICROS_PER_MILLI,
            new MessageProperties(
                null, packet.getAddress().getHostAddress() + ":" + packet.getPort(), Map.of()));
    if (!messages.offer(message) && refused.getAndIncrement() == 0) {
      LOG.log(
          System.Logger.Level.WARNING,
          "{0}: datagrams come faster than they are taken, and some are lost; the metric"
              + " lostRecords counts them",
          settings);
    }
  }

  /** Asks the system now and then. Called by one thread. */
  @Override
  public long lost() {
    SystemDrops known = drops;
    long now = System.nanoTime();
    if (known != null && (dropped < 0 || now - lookedNanos > LOOK_NANOS)) {
      lookedNanos = now;
      dropped = known.count();
    }
    return refused.get() + Math.max(0, dropped);
  }

  @Override
  public Backlog backlog() {
    return messages.backlog();
  }

  @Override
  public SplitPosition position() {
    return messages.position();
  }

  @Override
  public int takeDuplicates() {
    return 0;
  }

  @Override
  public void check() {
    messages.check();
  }

  @Override
  public void close() {
    if (closed.getCount() == 0) {
      return;
    }
    dropped = -1;
    long lost = lost();
    closed.countDown();
    if (socket != null) {
      socket.close();
    }
    try {
      if (thread != null) {
        thread.join(CLOSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    messages.close();
    if (lost > 0) {
      LOG.log(
          System.Logger.Level.WARNING, "{0}: {1} datagrams are known to be lost", settings, lost);
    }
  }
}
