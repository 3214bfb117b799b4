package io.fluxcore.adapters.out.redisstate;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.ValueListOutput;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Removes what sessions have left that did not end: those whose lease has run out. What there may
 * be is told by their lists of tables, so no other key is looked at. Any number of processes may do
 * it at the same time.
 */
final class LeftBehind {
  /** Names in a command. */
  private static final int NAMES = 256;

  private final RedisLink link;
  private final String prefix;

  LeftBehind(RedisLink link, String prefix) {
    this.link = link;
    this.prefix = prefix;
  }

  /** The sessions that were removed. */
  List<String> remove() {
    List<String> removed = new ArrayList<>();
    for (Names session : sessions()) {
      if (!isAlive(session)) {
        remove(session);
        removed.add(session.session());
      }
    }
    return removed;
  }

  private List<Names> sessions() {
    Requests requests = link.requests();
    Requests.Answer<List<byte[]>> found =
        requests.values(CommandType.SMEMBERS, Requests.args(Names.sessions(prefix)));
    requests.end();
    return found.get().stream()
        .map(name -> new Names(prefix, new String(name, StandardCharsets.UTF_8)))
        .toList();
  }

  private boolean isAlive(Names session) {
    Requests requests = link.requests();
    Requests.Answer<Long> alive =
        requests.number(CommandType.EXISTS, Requests.args(session.alive()));
    requests.end();
    return alive.get() > 0;
  }

  /** Removes all that a session has, and the session. */
  void remove(Names session) {
    Requests requests = link.requests();
    Requests.Answer<List<byte[]>> answer =
        requests.add(
            CommandType.HGETALL,
            new ValueListOutput<>(ByteArrayCodec.INSTANCE),
            Requests.args(session.tables()));
    requests.end();
    List<byte[]> tables = answer.get();
    for (int i = 0; i + 1 < tables.size(); i += 2) {
      removeTable(session, Names.numbers(tables.get(i)), Names.numbers(tables.get(i + 1)));
    }
    Requests last = link.requests();
    last.number(CommandType.UNLINK, Requests.args(session.tables()).addKey(session.alive()));
    last.number(
        CommandType.SREM, Requests.args(session.sessions()).addValue(session.sessionName()));
    last.end();
  }

  private void removeTable(Names session, int[] table, int[] extent) {
    byte[] beginning = session.ofEntries();
    Requests requests = link.requests();
    Iterator<byte[]> names =
        IntStream.rangeClosed(extent[0], extent[1])
            .boxed()
            .flatMap(group -> Buckets.everOf(group, extent[2]).boxed())
            .map(bucket -> Names.bucket(beginning, table[0], table[1], table[2], bucket))
            .iterator();
    unlink(requests, names);
    requests.number(
        CommandType.HDEL,
        Requests.args(session.tables()).addKey(Names.table(table[0], table[1], table[2])));
    requests.end();
  }

  /** Removes keys, which are freed in the background. */
  static void unlink(Requests requests, Iterator<byte[]> names) {
    List<byte[]> some = new ArrayList<>(NAMES);
    while (names.hasNext()) {
      some.add(names.next());
      if (some.size() == NAMES || !names.hasNext()) {
        requests.number(
            CommandType.UNLINK,
            new io.lettuce.core.protocol.CommandArgs<byte[], byte[]>(ByteArrayCodec.INSTANCE)
                .addKeys(some));
        some = new ArrayList<>(NAMES);
      }
    }
  }
}
