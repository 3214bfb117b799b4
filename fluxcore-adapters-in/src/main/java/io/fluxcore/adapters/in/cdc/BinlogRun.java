package io.fluxcore.adapters.in.cdc;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.network.ServerException;
import com.github.shyiko.mysql.binlog.network.protocol.command.QueryCommand;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.Schema;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One run that reads the rows of tables, unless they have been read, and then the binary log, on a
 * thread of its own. What it reads waits in a bounded queue; while that is full, the database keeps
 * what follows.
 */
final class BinlogRun implements ChangeRun {
  private static final System.Logger LOG = System.getLogger(BinlogRun.class.getName());
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);

  /** Without an event or a heartbeat the connection is taken for lost. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private static final long LOWEST_BY_CHANCE = 1L << 30;
  private static final long HIGHEST = (1L << 32) - 1;

  private final CdcOptions options;
  private final BinlogKind kind;
  private final BinlogSnapshot snapshot;
  private final ChangePosition from;
  private final Runnable arrived;
  private final BinlogQueue queue = new BinlogQueue();
  private final Thread thread;
  private volatile @Nullable Client client;
  private volatile @Nullable BinlogTransactions transactions;
  private volatile boolean closed;
  private volatile @Nullable End end;

  BinlogRun(
      CdcOptions options, BinlogKind kind, Schema wanted, ChangePosition from, Runnable arrived) {
    this.options = options;
    this.kind = kind;
    this.snapshot = new BinlogSnapshot(options, kind, wanted);
    this.from = from;
    this.arrived = arrived;
    this.thread = new Thread(this::run, "cdc-" + options.host() + ":" + options.port());
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    End how = new End(null, null);
    try {
      read();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException | IOException | RuntimeException e) {
      how = new End(String.valueOf(e.getMessage()), e);
    } finally {
      end = how;
      arrived.run();
    }
  }

  private void read() throws SQLException, IOException, InterruptedException {
    long server = kind.server(options);
    BinlogPosition at = BinlogPosition.of(from.offset());
    if (at == null) {
      boolean never = options.snapshot().equals("never");
      at = never ? kind.position(options) : snapshot.read(this::put);
      // The end of the snapshot, or the beginning of the log: positions lie in it from now on.
      put(
          BinlogChange.mark(
              new Change.Place(never ? at.toString() : Change.Place.SNAPSHOT, false),
              at.toOffset(server)),
          0);
    }
    if (!options.snapshot().equals("only")) {
      readLog(at, server);
    }
  }

  private void put(BinlogChange change, long bytes) throws InterruptedException {
    if (!queue.put(change, bytes)) {
      throw new InterruptedException("nobody reads any more");
    }
    arrived.run();
  }

  private void readLog(BinlogPosition at, long server) throws IOException {
    BinlogEvents events = new BinlogEvents(Set.copyOf(options.tables()));
    BinlogTransactions reading = new BinlogTransactions(options, events, at, server, this::put);
    Client connection = new Client(options);
    connection.setBinlogFilename(at.file());
    connection.setBinlogPosition(at.at());
    connection.setEventDeserializer(events);
    connection.registerEventListener(event -> connection.failing(() -> reading.take(event)));
    connection.registerLifecycleListener(connection.failures);
    transactions = reading;
    client = connection;
    if (!closed) {
      connection.connect();
    }
    Exception failure = connection.failure;
    if (failure != null && !closed) {
      throw failure instanceof IOException io ? meant(io) : new IOException(failure);
    }
    if (!closed) {
      throw new IOException("the server has ended the connection");
    }
  }

  /** What the database says of a log that it cannot send. */
  private IOException meant(IOException failure) {
    FluxCoreException known =
        failure instanceof ServerException said
            ? kind.refusal(options, said.getErrorCode(), String.valueOf(said.getMessage()))
            : null;
    return known == null ? failure : new IOException(known.getMessage(), known);
  }

  @Override
  public @Nullable Change next() {
    BinlogChange change = queue.poll();
    BinlogTransactions reading = transactions;
    Client connection = client;
    if (change == null
        && reading != null
        && connection != null
        && end == null
        && reading.silentNanos() > SILENCE.toNanos()) {
      connection.fail(new IOException("nothing was heard for " + SILENCE.toSeconds() + " s"));
    }
    return change;
  }

  @Override
  public @Nullable End end() {
    End how = end; // before the queue, which is filled before it
    return how != null && queue.isEmpty() ? how : null;
  }

  /** The database keeps its log as long as it likes. */
  @Override
  public void confirm(Change change) {}

  @Override
  public void close() {
    closed = true;
    queue.close();
    Client connection = client;
    if (connection != null) {
      connection.hangUp();
    }
    snapshot.abort();
    thread.interrupt();
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is done with an event. */
  private interface Step {
    void run() throws SQLException, InterruptedException, IOException;
  }

  /**
   * The connection as a replica. The library goes on behind what it does not understand; this ends
   * there.
   */
  private static final class Client extends BinaryLogClient {
    private volatile @Nullable Exception failure;

    private final AbstractLifecycleListener failures =
        new AbstractLifecycleListener() {
          @Override
          public void onCommunicationFailure(BinaryLogClient on, Exception e) {
            fail(e);
          }

          @Override
          public void onEventDeserializationFailure(BinaryLogClient on, Exception e) {
            fail(e);
          }
        };

    Client(CdcOptions options) {
      super(options.host(), options.port(), options.user(), options.currentPassword());
      Long given = options.serverId();
      setServerId(
          given != null
              ? given
              : ThreadLocalRandom.current().nextLong(LOWEST_BY_CHANCE, HIGHEST + 1));
      setKeepAlive(false);
      setConnectTimeout(CONNECT.toMillis());
      setHeartbeatInterval(HEARTBEAT.toMillis());
    }

    /** A reader that is slow is waited for. */
    @Override
    protected void requestBinaryLogStream() throws IOException {
      channel.write(new QueryCommand("set net_write_timeout = 31536000"));
      checkError(channel.read());
      super.requestBinaryLogStream();
    }

    void failing(Step step) {
      try {
        step.run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        hangUp();
      } catch (SQLException | IOException | RuntimeException e) {
        fail(e);
      }
    }

    /** The first failure is the one that is told. */
    void fail(Exception e) {
      if (failure == null) {
        failure = e;
      }
      hangUp();
    }

    void hangUp() {
      try {
        if (channel != null) {
          channel.close();
        }
      } catch (IOException e) {
        LOG.log(System.Logger.Level.DEBUG, "the connection was ending already", e);
      }
    }
  }
}
