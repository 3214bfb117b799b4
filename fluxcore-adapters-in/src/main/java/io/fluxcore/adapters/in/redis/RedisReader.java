package io.fluxcore.adapters.in.redis;

import io.fluxcore.adapters.in.format.MessageRows;
import io.fluxcore.adapters.in.redis.RedisSettings.LostEntries;
import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source.Split;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.WakeUp;
import io.fluxcore.domain.event.EventBatch;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Reads streams by the ids of their entries. Two connections: on one of them entries are fetched,
 * on the other Redis is waited for when there are none. Neither is ever waited for on the host's
 * thread. When one breaks, reading goes on from where it was on new ones.
 *
 * <p>Where a stream is begun is given to the host as a position without rows: so a checkpoint holds
 * it before the first entry has come.
 */
final class RedisReader implements SourceReader {
  private static final System.Logger LOG = System.getLogger(RedisReader.class.getName());
  private static final long FIRST_WAIT_MILLIS = 50;
  private static final long LONGEST_WAIT_MILLIS = 5_000;
  private static final long BLOCK_MILLIS = 1_000;
  private static final int FETCH_BYTES = 4 << 20;
  private static final int FIRST_FETCH = 256;

  private final RedisSource source;
  private final RedisSettings settings;
  private final ReaderContext context;
  private final MessageRows rows;
  private final EntryText texts = new EntryText();
  private final byte @Nullable [] payload;
  private final WakeUp wakeUp = new WakeUp();
  private final List<BadRecord> withoutPayload = new ArrayList<>();
  private final Map<String, StreamProgress> streams = new LinkedHashMap<>();
  private final List<StreamProgress> open = new ArrayList<>();
  private int turn;
  private Set<String> held = Set.of();
  private long bytesPerEntry;

  private @Nullable RedisLink link;
  private @Nullable CompletableFuture<StatefulRedisConnection<byte[], byte[]>> fetching;
  private @Nullable CompletableFuture<StatefulRedisConnection<byte[], byte[]>> waiting;
  private @Nullable Exchange fetch;
  private @Nullable Exchange wait;

  private boolean down;
  private long waitMillis = FIRST_WAIT_MILLIS;
  private long retryAtNanos = System.nanoTime();

  RedisReader(RedisSource source, ReaderContext context) {
    this.source = source;
    this.settings = source.settings();
    this.context = context;
    this.rows = new MessageRows(source.format(), source.fields(), context, null);
    String field = settings.payload();
    this.payload = field == null ? null : field.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void assign(Split split, @Nullable SplitPosition position) {
    StreamPosition asked;
    try {
      asked = position == null ? source.start() : StreamPosition.parse(position.text());
    } catch (IllegalArgumentException e) {
      throw RedisSourceErrors.position(split.id(), String.valueOf(position), e);
    }
    StreamProgress added = new StreamProgress(split.id(), asked);
    streams.put(split.id(), added);
    open.add(added);
  }

  @Override
  public Poll poll(Duration maxWait) {
    Poll found = next();
    if (found == null && !maxWait.isZero()) {
      wakeUp.await(down ? untilRetry(maxWait) : maxWait);
      found = next();
    }
    return found == null ? Poll.Nothing.INSTANCE : found;
  }

  private Duration untilRetry(Duration maxWait) {
    Duration left = Duration.ofNanos(Math.max(1_000_000, retryAtNanos - System.nanoTime()));
    return left.compareTo(maxWait) < 0 ? left : maxWait;
  }

  private @Nullable Poll next() {
    takeAnswers();
    Poll found = atHand();
    work();
    return found;
  }

  /** What is at hand, of each stream in turn. */
  private @Nullable Poll atHand() {
    for (int i = 0; i < open.size(); i++) {
      turn = turn + 1 >= open.size() ? 0 : turn + 1;
      StreamProgress stream = open.get(turn);
      if (!held.contains(stream.stream) && (stream.begins() || stream.peek() != null)) {
        return give(stream);
      }
      if (stream.ends()) {
        open.remove(turn);
        return new Poll.EndOfSplit(stream.stream);
      }
    }
    return null;
  }

  private Poll.Rows give(StreamProgress stream) {
    List<String> ids = new ArrayList<>();
    StreamEntry entry = stream.peek();
    while (entry != null && !rows.isFull()) {
      add(stream, entry, ids);
      stream.take();
      entry = stream.peek();
    }
    Poll.Rows decoded =
        rows.rows(
            stream.stream,
            stream.position(),
            number -> stream.stream + "@" + ids.get((int) number),
            Map.of("stream", stream.stream));
    if (withoutPayload.isEmpty()) {
      return decoded;
    }
    List<BadRecord> bad = new ArrayList<>(decoded.bad());
    bad.addAll(withoutPayload);
    withoutPayload.clear();
    bad.sort(Comparator.comparing(RedisReader::idOf));
    return new Poll.Rows(decoded.split(), decoded.batch(), decoded.end(), bad, decoded.filtered());
  }

  private static EntryId idOf(BadRecord bad) {
    String coordinates = bad.coordinates();
    return EntryId.parse(coordinates.substring(coordinates.lastIndexOf('@') + 1));
  }

  private void add(StreamProgress stream, StreamEntry entry, List<String> ids) {
    String id = entry.id().toString();
    List<byte[]> fields = entry.fields();
    long millis = entry.id().millis();
    byte[] field = payload;
    byte[] bytes = field == null ? texts.of(fields) : value(fields, field);
    if (bytes == null) {
      withoutPayload.add(
          new BadRecord(
              texts.of(fields),
              stream.stream + "@" + id,
              RedisSourceErrors.NO_PAYLOAD,
              "the entry has no field '" + settings.payload() + "'"));
      return;
    }
    rows.add(bytes, 0, bytes.length, ids.size(), millis < 0 ? EventBatch.NO_TIMESTAMP : millis);
    ids.add(id);
    rows.id(id);
    if (field != null) {
      rows.headers(headers(fields, field));
    }
  }

  private static byte @Nullable [] value(List<byte[]> fields, byte[] name) {
    byte[] found = null;
    for (int i = 0; i + 1 < fields.size(); i += 2) {
      if (Arrays.equals(fields.get(i), name)) {
        found = fields.get(i + 1);
      }
    }
    return found;
  }

  private static Map<String, String> headers(List<byte[]> fields, byte[] payload) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (int i = 0; i + 1 < fields.size(); i += 2) {
      if (!Arrays.equals(fields.get(i), payload)) {
        headers.put(
            new String(fields.get(i), StandardCharsets.UTF_8),
            new String(fields.get(i + 1), StandardCharsets.UTF_8));
      }
    }
    return headers;
  }

  /** Takes what Redis has answered since. */
  private void takeAnswers() {
    Exchange fetched = fetch;
    if (fetched != null && fetched.isDone()) {
      fetch = null;
      Throwable error = fetched.error();
      if (error == null) {
        isThere();
        take(fetched);
      } else {
        failed(error, fetched.progress().stream);
      }
    } else if (fetched != null && fetched.isLate()) {
      away("no answer in " + settings.timeout());
    }
    Exchange waited = wait;
    if (waited != null && waited.isDone()) {
      wait = null;
      Throwable error = waited.error();
      open.forEach(StreamProgress::lookAgain);
      if (error != null) {
        failed(error, settings.streams().get(0));
      }
    } else if (waited != null && waited.isLate()) {
      away("no answer in " + settings.timeout());
    }
  }

  private void take(Exchange fetched) {
    StreamProgress stream = fetched.progress();
    StreamInfo info = fetched.info();
    if (!stream.isLocated()) {
      if (!fetched.isThere()) {
        LOG.log(
            Level.WARNING,
            "source {0}: there is no stream {1} at {2}; it is read when there is one",
            context.operatorId(),
            stream.stream,
            settings.uri());
      } else if (info.added() == StreamPosition.UNKNOWN) {
        LOG.log(
            Level.WARNING,
            "source {0}: Redis at {1} is older than 7, and does not say whether entries were"
                + " trimmed before they were read",
            context.operatorId(),
            settings.uri());
      }
      stream.locate(info, settings.bounded());
      return;
    }
    if (!isLossless(stream, info, fetched.isThere())) {
      return; // what follows is fetched anew
    }
    List<StreamEntry> entries = fetched.entries();
    stream.fetched(entries, info);
    measure(entries);
  }

  private void measure(List<StreamEntry> entries) {
    long bytes = 0;
    for (StreamEntry entry : entries) {
      bytes += entry.size();
    }
    if (!entries.isEmpty()) {
      bytesPerEntry = Math.max(1, bytes / entries.size());
    }
  }

  /** As many as go into a batch, and into memory. */
  private int fetchCount() {
    long byBytes = bytesPerEntry == 0 ? FIRST_FETCH : FETCH_BYTES / bytesPerEntry;
    return (int) Math.max(1, Math.min(byBytes, context.batchRows()));
  }

  /** Whether what follows the position is still there; otherwise goes on as configured. */
  private boolean isLossless(StreamProgress stream, StreamInfo info, boolean isThere) {
    EntryId given = stream.given();
    long entries = stream.entries();
    if (entries == StreamPosition.UNKNOWN || (given.equals(EntryId.ZERO) && !isThere)) {
      return true;
    }
    boolean isAnother =
        given.isAfter(info.last())
            || (info.added() != StreamPosition.UNKNOWN && info.added() < entries);
    if (isAnother) {
      String what =
          "stream '"
              + stream.stream
              + "' "
              + (isThere ? "was made anew" : "is not there any more")
              + " since its entry "
              + given
              + " was read; its last one is "
              + info.last();
      goOn(stream, info, EntryId.ZERO, what, RedisSourceErrors.ANOTHER_STREAM);
      return false;
    }
    long lost = info.removed() - entries;
    if (lost > 0) {
      String what =
          "about "
              + lost
              + " entries of stream '"
              + stream.stream
              + "' behind "
              + given
              + " were trimmed or deleted before they were read";
      goOn(stream, info, given, what, RedisSourceErrors.LOST);
      return false;
    }
    return true;
  }

  /**
   * Goes on where entries are missing.
   *
   * @param oldest behind which the oldest entry is that was not read
   */
  private void goOn(
      StreamProgress stream, StreamInfo info, EntryId oldest, String what, String code) {
    if (settings.lostEntries() == LostEntries.FAIL) {
      throw RedisSourceErrors.lost(code, stream.stream, what);
    }
    boolean earliest = settings.lostEntries() == LostEntries.EARLIEST;
    LOG.log(
        Level.WARNING,
        "source {0}: {1}; reading goes on with the {2} entry",
        context.operatorId(),
        what,
        earliest ? "oldest" : "next");
    if (earliest) {
      stream.goOn(oldest, info.removed(), info);
    } else {
      stream.goOn(info.last(), info.added(), info);
    }
  }

  /** Asks for what is not at hand. */
  private void work() {
    if (open.isEmpty() || System.nanoTime() - retryAtNanos < 0) {
      return;
    }
    if (fetch == null) {
      StreamProgress wanted = wanted();
      StatefulRedisConnection<byte[], byte[]> connection = wanted == null ? null : connected(true);
      if (wanted != null && connection != null) {
        long patience = settings.timeout().toNanos();
        fetch =
            (wanted.isLocated()
                    ? Exchange.fetch(wanted, fetchCount(), connection.async(), patience)
                    : Exchange.look(wanted, connection.async(), patience))
                .andThen(wakeUp::call);
        return;
      }
    }
    if (fetch == null && wait == null) {
      List<StreamProgress> quiet =
          open.stream().filter(s -> s.isLocated() && !held.contains(s.stream)).toList();
      boolean nothingToGive = quiet.stream().allMatch(s -> s.peek() == null && !s.mayHaveMore());
      if (quiet.isEmpty() || !nothingToGive) {
        return;
      }
      StatefulRedisConnection<byte[], byte[]> connection = connected(false);
      if (connection != null) {
        long patience = settings.timeout().toNanos() + BLOCK_MILLIS * 1_000_000L;
        wait =
            Exchange.await(quiet, BLOCK_MILLIS, connection.async(), patience).andThen(wakeUp::call);
      }
    }
  }

  private @Nullable StreamProgress wanted() {
    for (int i = 1; i <= open.size(); i++) {
      StreamProgress stream = open.get((turn + i) % open.size());
      if (!stream.isLocated() || (!held.contains(stream.stream) && stream.mayHaveMore())) {
        return stream;
      }
    }
    return null;
  }

  /** The connection for fetching or waiting, once there is one. */
  private @Nullable StatefulRedisConnection<byte[], byte[]> connected(boolean toFetch) {
    CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connection =
        toFetch ? fetching : waiting;
    if (connection == null) {
      RedisLink known = link;
      if (known == null) {
        known = new RedisLink(settings);
        link = known;
      }
      connection = known.connect().whenComplete((made, error) -> wakeUp.call());
      if (toFetch) {
        fetching = connection;
      } else {
        waiting = connection;
      }
    }
    if (!connection.isDone()) {
      return null;
    }
    try {
      StatefulRedisConnection<byte[], byte[]> made = connection.join();
      if (!made.isOpen()) {
        away("the connection has ended");
        return null;
      }
      return made;
    } catch (CompletionException e) {
      failed(e.getCause() == null ? e : e.getCause(), settings.streams().get(0));
      return null;
    }
  }

  private void isThere() {
    if (down) {
      LOG.log(
          Level.INFO,
          "source {0}: Redis at {1} answers again",
          context.operatorId(),
          settings.uri());
    }
    down = false;
    waitMillis = FIRST_WAIT_MILLIS;
  }

  private void failed(Throwable error, String stream) {
    String answer = RedisSourceErrors.answer(error);
    if (answer == null || RedisSourceErrors.isForNow(answer)) {
      away(answer == null ? String.valueOf(error.getMessage()) : answer);
      return;
    }
    throw RedisSourceErrors.of(settings, stream, answer, error);
  }

  /** Ends the connections; others are made in a while. */
  private void away(String why) {
    if (!down) {
      LOG.log(
          Level.WARNING,
          "source {0}: Redis at {1} does not answer ({2}); it is tried again until it does",
          context.operatorId(),
          settings.uri(),
          why);
    }
    down = true;
    drop();
    retryAtNanos = System.nanoTime() + waitMillis * 1_000_000L;
    waitMillis = Math.min(waitMillis * 2, LONGEST_WAIT_MILLIS);
  }

  private void drop() {
    end(fetching);
    end(waiting);
    fetching = null;
    waiting = null;
    fetch = null;
    wait = null;
    open.forEach(StreamProgress::lookAgain);
  }

  private static void end(
      @Nullable CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connection) {
    if (connection != null) {
      var unused =
          connection.whenComplete(
              (made, error) -> {
                if (made != null) {
                  endQuietly(made);
                }
              });
    }
  }

  private static void endQuietly(StatefulRedisConnection<byte[], byte[]> connection) {
    try {
      var unused = connection.closeAsync();
    } catch (RedisException e) {
      LOG.log(Level.DEBUG, "a connection to Redis was broken already", e);
    }
  }

  @Override
  public boolean holdSplits(Set<String> splits) {
    if (!held.equals(splits)) {
      Set<String> before = held;
      held = Set.copyOf(splits);
      for (StreamProgress stream : open) {
        if (before.contains(stream.stream) && !held.contains(stream.stream)) {
          stream.lookAgain();
        }
      }
    }
    return true;
  }

  @Override
  public Decoded decode(String split, byte[] record) {
    return rows.decode(record, System.currentTimeMillis());
  }

  @Override
  public long lag(String split) {
    StreamProgress stream = streams.get(split);
    return stream == null || !stream.isLocated() ? -1 : stream.lag();
  }

  @Override
  public void wakeUp() {
    wakeUp.call();
  }

  @Override
  public void close() {
    RedisLink known = link;
    link = null;
    open.clear();
    fetch = null;
    wait = null;
    fetching = null;
    waiting = null;
    if (known != null) {
      known.close(); // with its connections
    }
  }
}
