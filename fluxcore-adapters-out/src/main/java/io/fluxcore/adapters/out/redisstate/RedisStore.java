package io.fluxcore.adapters.out.redisstate;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.key.KeyGroupRange;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one subtask of one operator in one attempt of its job. Keys begin with a number
 * that no other store has, so an attempt that has not noticed yet that it is over does no harm.
 *
 * <p>Used by the subtask's thread; frozen state reads through a connection of its own, and holds it
 * open until it is {@linkplain #release released}.
 */
final class RedisStore {
  private static final System.Logger LOG = System.getLogger(RedisStore.class.getName());

  /** Buckets that are read or split together. */
  private static final int TOGETHER = 128;

  private static final long HIGH_HALF = 0xFFFF_FFFFL << 32;

  private final RedisSession session;
  private final String operatorId;
  private final KeyGroupRange owned;
  private final int maxParallelism;
  private final int number;
  private final byte[] beginning;
  private final byte[] alive;
  private final byte[] tableList;
  private final RedisLink link;
  private final Map<Integer, StoredTable> tables = new LinkedHashMap<>();
  private final Deque<StoredTable> dropped = new ArrayDeque<>();
  private final List<FrozenBuckets> frozen = new CopyOnWriteArrayList<>();
  private final List<RedisLink> links = new CopyOnWriteArrayList<>();
  private int lastTable;
  private int lastFrozen;
  private long writtenEntries;
  private long writtenBytes;
  private int holders = 1;
  private volatile boolean isBroken;
  private @Nullable RedisLink aside;

  /**
   * An empty store.
   *
   * @param session which it holds
   */
  RedisStore(RedisSession session, String operatorId, KeyGroupRange owned, int maxParallelism) {
    this.session = session;
    this.operatorId = operatorId;
    this.owned = owned;
    this.maxParallelism = maxParallelism;
    this.number = session.nextStore();
    this.beginning = session.names().ofEntries();
    this.alive = session.names().alive();
    this.tableList = session.names().tables();
    this.link = session.connect(operatorId);
  }

  StoredTable newTable() {
    StoredTable table = new StoredTable(++lastTable, owned, maxParallelism);
    tables.put(table.number(), table);
    return table;
  }

  private byte[] name(StoredTable table, int copy, long bucket) {
    return Names.bucket(beginning, number, table.number(), copy, bucket);
  }

  private Requests requests() {
    return link.requests(alive, this::failed);
  }

  /** It cannot be known any more what is stored. */
  private void failed(FluxCoreException e) {
    isBroken = true;
    if (e.code().equals("FLX-REDIS-0003")) {
      session.lost();
    }
  }

  /** Positions in the order of the hashes, as far as buckets depend on it. */
  static int[] inOrder(long[] hashes, int count) {
    long[] order = new long[count];
    for (int i = 0; i < count; i++) {
      order[i] = ((hashes[i] & HIGH_HALF) | i) ^ Long.MIN_VALUE;
    }
    Arrays.sort(order);
    int[] positions = new int[count];
    for (int i = 0; i < count; i++) {
      positions[i] = (int) order[i];
    }
    return positions;
  }

  // Reading

  /** Entries of a bucket that are asked for: positions from the first up to the end. */
  private record Asked(Requests.Answer<List<byte[]>> answer, int first, int end) {}

  /** The values of keys, null where there is none. */
  byte[] @Nullable [] get(StoredTable table, long[] hashes, byte[][] fields, int count) {
    int[] order = inOrder(hashes, count);
    List<Asked> asked = new ArrayList<>();
    Requests requests = requests();
    int end;
    for (int first = 0; first < count; first = end) {
      long bucket = table.buckets().of(hashes[order[first]]);
      CommandArgs<byte[], byte[]> args = Requests.args(name(table, 0, bucket));
      for (end = first; end < count && table.buckets().of(hashes[order[end]]) == bucket; end++) {
        args.addKey(fields[order[end]]);
      }
      asked.add(new Asked(requests.values(CommandType.HMGET, args), first, end));
    }
    requests.end();
    byte[] @Nullable [] values = new byte[count] @Nullable [];
    for (Asked one : asked) {
      List<byte[]> answer = one.answer().get();
      for (int i = one.first(); i < one.end(); i++) {
        values[order[i]] = answer.get(i - one.first());
      }
    }
    return values;
  }

  /** Takes entries. */
  interface Entries {
    void entry(byte[] field, byte[] value);
  }

  /** Reads the entries whose keys' hashes lie between these two, both included, as numbers. */
  void scan(StoredTable table, long firstHash, long lastHash, Entries entries) {
    long[] buckets =
        LongStream.of(table.buckets().between(firstHash, lastHash))
            .filter(bucket -> table.has(Buckets.keyGroup(bucket)))
            .toArray();
    for (int from = 0; from < buckets.length; from += TOGETHER) {
      Requests requests = requests();
      List<Requests.Answer<List<byte[]>>> answers = new ArrayList<>();
      for (int i = from; i < Math.min(buckets.length, from + TOGETHER); i++) {
        answers.add(
            requests.values(CommandType.HGETALL, Requests.args(name(table, 0, buckets[i]))));
      }
      requests.end();
      for (Requests.Answer<List<byte[]>> answer : answers) {
        List<byte[]> all = answer.get();
        for (int i = 0; i < all.size(); i += 2) {
          long hash = StoredFields.hashOf(all.get(i));
          if (Long.compareUnsigned(hash, firstHash) >= 0
              && Long.compareUnsigned(hash, lastHash) <= 0) {
            entries.entry(all.get(i), all.get(i + 1));
          }
        }
      }
    }
  }

  // Writing

  /**
   * Writes entries, for which there is {@linkplain #makeRoom room}.
   *
   * @param values null for a key that is removed
   */
  void write(
      StoredTable table, long[] hashes, byte[][] fields, byte[] @Nullable [] values, int count) {
    int[] order = inOrder(hashes, count);
    Set<Long> touched = new LinkedHashSet<>();
    for (int position : order) {
      touched.add(table.buckets().of(hashes[position]));
    }
    copyForFrozen(table, touched);
    Requests requests = requests();
    announce(requests, table, table.buckets().mostBits());
    int at = 0;
    for (long bucket : touched) {
      byte[] name = name(table, 0, bucket);
      CommandArgs<byte[], byte[]> puts = Requests.args(name);
      CommandArgs<byte[], byte[]> removals = Requests.args(name);
      for (; at < count && table.buckets().of(hashes[order[at]]) == bucket; at++) {
        byte[] value = values[order[at]];
        if (value == null) {
          removals.addKey(fields[order[at]]);
        } else {
          puts.addKey(fields[order[at]]).addValue(value);
          writtenEntries++;
          writtenBytes += fields[order[at]].length + value.length;
        }
      }
      if (puts.count() > 1) {
        requests.number(CommandType.HSET, puts);
      }
      if (removals.count() > 1) {
        requests.number(CommandType.HDEL, removals);
      }
    }
    requests.end();
  }

  /** Tells who would clean up that a table has buckets of so many bits. */
  private void announce(Requests requests, StoredTable table, int bits) {
    if (!table.isAnnounced(bits)) {
      requests.number(
          CommandType.HSET,
          Requests.args(tableList)
              .addKey(Names.table(number, table.number(), 0))
              .addValue(Names.extent(owned.first(), owned.last(), bits)));
      table.announced(bits);
    }
  }

  /**
   * Splits buckets for as many entries as the table has counted.
   *
   * @param before how many of them are stored
   */
  void makeRoom(StoredTable table, long before) {
    Buckets buckets = table.buckets();
    for (long split = buckets.toSplit(table.total());
        split > 0;
        split = buckets.toSplit(table.total())) {
      if (before == 0) {
        buckets.wereSplit(split);
      } else {
        split(table, (int) Math.min(split, TOGETHER));
      }
    }
  }

  private void split(StoredTable table, int count) {
    Buckets buckets = table.buckets();
    long[] old = LongStream.range(0, count).map(buckets::next).toArray();
    copyForFrozen(table, LongStream.of(old).boxed().toList());
    Requests reads = requests();
    List<Requests.Answer<List<byte[]>>> answers = new ArrayList<>();
    for (long bucket : old) {
      answers.add(reads.values(CommandType.HGETALL, Requests.args(name(table, 0, bucket))));
    }
    reads.end();
    Requests writes = requests();
    announce(writes, table, buckets.nextBits());
    for (int i = 0; i < count; i++) {
      List<byte[]> all = answers.get(i).get();
      if (!all.isEmpty()) {
        move(table, all, writes);
        writes.number(CommandType.UNLINK, Requests.args(name(table, 0, old[i])));
      }
    }
    writes.end();
    buckets.wereSplit(count);
  }

  private void move(StoredTable table, List<byte[]> all, Requests writes) {
    Map<Long, CommandArgs<byte[], byte[]>> parts = new LinkedHashMap<>();
    for (int i = 0; i < all.size(); i += 2) {
      long to = table.buckets().ofSplit(StoredFields.hashOf(all.get(i)));
      parts
          .computeIfAbsent(to, bucket -> Requests.args(name(table, 0, bucket)))
          .addKey(all.get(i))
          .addValue(all.get(i + 1));
    }
    parts.values().forEach(args -> writes.number(CommandType.HSET, args));
  }

  /** Bytes of an entry on average, without what Redis takes itself. */
  long bytesOfEntry() {
    return writtenEntries == 0 ? 0 : writtenBytes / writtenEntries;
  }

  // Tables that are not used any more

  /** Forgets a table; its entries are removed with the next {@link #tidy}, or by frozen state. */
  void drop(StoredTable table) {
    tables.remove(table.number());
    if (table.release() && table.isAnnounced(0)) {
      dropped.add(table);
    }
  }

  /** Removes the entries of tables that were dropped. */
  void tidy() {
    if (!dropped.isEmpty()) {
      Requests requests = link.requests();
      while (!dropped.isEmpty()) {
        remove(requests, dropped.remove());
      }
      requests.end();
    }
  }

  /** Removes all entries of a table that nobody holds. */
  void remove(Requests requests, StoredTable table) {
    Buckets buckets = table.buckets();
    Iterator<byte[]> names =
        IntStream.rangeClosed(owned.first(), owned.last())
            .filter(group -> isBroken || table.has(group))
            .boxed()
            .flatMapToLong(
                group ->
                    isBroken
                        ? Buckets.everOf(group, buckets.nextBits())
                        : LongStream.of(buckets.ofGroup(group)))
            .mapToObj(bucket -> name(table, 0, bucket))
            .iterator();
    LeftBehind.unlink(requests, names);
    requests.number(
        CommandType.HDEL, Requests.args(tableList).addKey(Names.table(number, table.number(), 0)));
  }

  // Frozen state

  /**
   * Makes frozen state of tables, which it holds. What is frozen has been written; this makes sure
   * that the connection through which it will be read leads to where it was written, and to no
   * Redis that was started anew in between: that would have broken one of the two.
   */
  FrozenBuckets freeze(List<FrozenBuckets.State> states) {
    RedisLink open = aside;
    if (open == null || !open.isOpen()) {
      open = session.connect(operatorId);
      links.add(open);
      aside = open;
    }
    requests().confirm();
    synchronized (this) {
      holders++;
    }
    FrozenBuckets made = new FrozenBuckets(this, open, ++lastFrozen, owned, states);
    frozen.add(made);
    return made;
  }

  /** Requests of frozen state. */
  Requests requests(RedisLink other) {
    return other.requests(
        alive,
        e -> {
          if (e.code().equals("FLX-REDIS-0003")) {
            session.lost();
          }
        });
  }

  /** Copies buckets that are about to be changed for frozen state that has not written them. */
  private void copyForFrozen(StoredTable table, Collection<Long> buckets) {
    for (FrozenBuckets one : frozen) {
      // nothing is copied for one that ends at this moment, since it would not be removed
      synchronized (one) {
        List<Long> needed = one.needed(table, buckets);
        if (!needed.isEmpty()) {
          copy(table, needed, one);
        }
      }
    }
  }

  private void copy(StoredTable table, List<Long> buckets, FrozenBuckets to) {
    Requests requests = requests();
    if (to.isFirstCopy(table)) {
      requests.number(
          CommandType.HSET,
          Requests.args(tableList)
              .addKey(Names.table(number, table.number(), to.number()))
              .addValue(Names.extent(owned.first(), owned.last(), table.buckets().mostBits())));
    }
    for (long bucket : buckets) {
      requests.number(
          CommandType.COPY,
          Requests.args(name(table, 0, bucket)).addKey(name(table, to.number(), bucket)));
    }
    requests.end();
    to.copied(table, buckets);
  }

  /** The key of a bucket, or of its copy for frozen state. */
  byte[] nameFor(StoredTable table, int copy, long bucket) {
    return name(table, copy, bucket);
  }

  byte[] tableList() {
    return tableList;
  }

  int number() {
    return number;
  }

  /** Ends frozen state: its copies go, and what it alone has held. */
  void unfreeze(FrozenBuckets ended) {
    frozen.remove(ended);
    synchronized (ended) {
      ended.end();
    }
    cleanUp(
        () -> {
          Requests requests = ended.link().requests();
          ended.removeCopies(requests);
          for (StoredTable table : ended.tables()) {
            if (table.release() && table.isAnnounced(0)) {
              remove(requests, table);
            }
          }
          requests.end();
        });
    release();
  }

  /** Ends the store: what no frozen state holds is removed. */
  void close() {
    List.copyOf(tables.values()).forEach(this::drop);
    cleanUp(this::tidy);
    release();
  }

  /** What is not removed now is when the session ends, or its lease has run out. */
  private void cleanUp(Runnable removal) {
    boolean wasInterrupted = Thread.interrupted();
    try {
      removal.run();
    } catch (FluxCoreException e) {
      LOG.log(System.Logger.Level.DEBUG, "keys in Redis are left to be removed later", e);
    } finally {
      if (wasInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void release() {
    synchronized (this) {
      if (--holders > 0) {
        return;
      }
    }
    link.close();
    links.forEach(RedisLink::close);
    session.release();
  }
}
