package io.fluxcore.adapters.out.redisstate;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.state.FrozenState;
import io.fluxcore.domain.state.KeyGroupWriter;
import io.fluxcore.domain.state.SnapshotTarget;
import io.fluxcore.domain.state.StateLayout;
import io.lettuce.core.protocol.CommandType;
import java.io.DataOutput;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;

/**
 * The entries of a store as they were, written in the canonical format, key group by key group.
 * Redis keeps no old values, so before the subtask changes a bucket that has not been written yet
 * it has Redis copy it (and says so only when the copy is there). A bucket that was read is as it
 * was unless it is said afterwards to have been copied; then the copy is read.
 */
final class FrozenBuckets implements FrozenState {
  /** Buckets that are read together. */
  private static final int TOGETHER = 64;

  private final RedisStore store;
  private final RedisLink link;
  private final int number;
  private final KeyGroupRange keyGroups;
  private final List<State> states;
  private final Map<Integer, Table> tables = new HashMap<>();

  private boolean isEnded;

  /** The state that is being written, and the key group; what comes before it is done. */
  private volatile long writing;

  /**
   * A state and its tables.
   *
   * @param tables by namespace
   */
  record State(StateLayout layout, List<Table> tables) {}

  /** A table as it was. */
  static final class Table {
    private final long namespace;
    private final StoredTable stored;
    private final Buckets buckets;
    private final long[] entries;
    private final Set<Long> copied = ConcurrentHashMap.newKeySet();
    private volatile boolean hasCopies;
    private int stateNumber;

    /** Holds the table. */
    Table(long namespace, StoredTable stored) {
      stored.hold();
      this.namespace = namespace;
      this.stored = stored;
      this.buckets = stored.buckets().copy();
      this.entries = stored.entries();
    }

    private boolean has(int keyGroup) {
      return entries[keyGroup - buckets.owned().first()] > 0;
    }
  }

  FrozenBuckets(
      RedisStore store, RedisLink link, int number, KeyGroupRange keyGroups, List<State> states) {
    this.store = store;
    this.link = link;
    this.number = number;
    this.keyGroups = keyGroups;
    this.states = states;
    for (int s = 0; s < states.size(); s++) {
      for (Table table : states.get(s).tables()) {
        table.stateNumber = s;
        tables.put(table.stored.number(), table);
      }
    }
  }

  // What the subtask asks for before it changes anything

  RedisLink link() {
    return link;
  }

  int number() {
    return number;
  }

  /** Which of these buckets must be copied before they are changed. */
  List<Long> needed(StoredTable stored, Collection<Long> changed) {
    Table table = tables.get(stored.number());
    if (table == null || isEnded) {
      return List.of();
    }
    long done = writing;
    List<Long> needed = new ArrayList<>();
    for (long bucket : changed) {
      int group = Buckets.keyGroup(bucket);
      if (table.buckets.has(bucket)
          && table.has(group)
          && at(table.stateNumber, group) >= done
          && !table.copied.contains(bucket)) {
        needed.add(bucket);
      }
    }
    return needed;
  }

  private static long at(int state, int keyGroup) {
    return (long) state << 32 | keyGroup;
  }

  /** Says that nothing is to be copied any more. */
  void end() {
    isEnded = true;
  }

  /** Whether nothing of a table has been copied yet. */
  boolean isFirstCopy(StoredTable stored) {
    Table table = tables.get(stored.number());
    return table != null && !table.hasCopies;
  }

  /** Says that buckets have been copied. */
  void copied(StoredTable stored, List<Long> buckets) {
    Table table = tables.get(stored.number());
    if (table != null) {
      table.hasCopies = true;
      table.copied.addAll(buckets);
    }
  }

  // Writing

  @Override
  public void write(SnapshotTarget target) throws IOException {
    try {
      for (int s = 0; s < states.size(); s++) {
        State state = states.get(s);
        for (int group = keyGroups.first(); group <= keyGroups.last(); group++) {
          writing = at(s, group);
          int keyGroup = group;
          List<Table> holding =
              state.tables().stream().filter(table -> table.has(keyGroup)).toList();
          if (!holding.isEmpty()) {
            target.keyed(state.layout().name(), group, out -> write(state, holding, keyGroup, out));
          }
        }
      }
      writing = at(states.size(), 0);
    } catch (FluxCoreException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw (IOException) new InterruptedIOException("the snapshot was given up").initCause(e);
      }
      throw e;
    }
  }

  /** A bucket of a table. */
  private record Place(Table table, long bucket) {}

  private void write(State state, List<Table> holding, int keyGroup, OutputStream out)
      throws IOException {
    StoredFields fields = new StoredFields(state.layout().keyTypes());
    KeyGroupWriter writer = new KeyGroupWriter(state.layout(), out);
    Iterator<Place> places =
        holding.stream()
            .flatMap(
                table ->
                    LongStream.of(table.buckets.ofGroup(keyGroup))
                        .mapToObj(bucket -> new Place(table, bucket)))
            .iterator();
    List<Place> some = new ArrayList<>(TOGETHER);
    while (places.hasNext()) {
      some.add(places.next());
      if (some.size() == TOGETHER || !places.hasNext()) {
        List<List<byte[]>> read = read(some);
        for (int i = 0; i < some.size(); i++) {
          write(some.get(i).table().namespace, read.get(i), fields, writer);
        }
        some.clear();
      }
    }
    writer.end();
  }

  private static void write(
      long namespace, List<byte[]> entries, StoredFields fields, KeyGroupWriter writer)
      throws IOException {
    for (int i = 0; i < entries.size(); i += 2) {
      DataOutput entry = writer.entry(namespace);
      fields.writeKey(entries.get(i), entry);
      entry.write(entries.get(i + 1));
    }
  }

  /** Fields and values of buckets as they were. */
  private List<List<byte[]>> read(List<Place> places) {
    List<Requests.Answer<List<byte[]>>> answers = new ArrayList<>();
    Requests requests = store.requests(link);
    for (Place place : places) {
      answers.add(read(requests, place, 0));
    }
    requests.end();
    Requests ofCopies = store.requests(link);
    for (int i = 0; i < places.size(); i++) {
      Place place = places.get(i);
      if (place.table().copied.contains(place.bucket())) {
        answers.set(i, read(ofCopies, place, number));
        ofCopies.number(CommandType.UNLINK, Requests.args(name(place, number)));
      }
    }
    ofCopies.end();
    return answers.stream().map(Requests.Answer::get).toList();
  }

  private Requests.Answer<List<byte[]>> read(Requests requests, Place place, int copy) {
    return requests.values(CommandType.HGETALL, Requests.args(name(place, copy)));
  }

  private byte[] name(Place place, int copy) {
    return store.nameFor(place.table().stored, copy, place.bucket());
  }

  // The end

  List<StoredTable> tables() {
    return tables.values().stream().map(table -> table.stored).toList();
  }

  void removeCopies(Requests requests) {
    for (Table table : tables.values()) {
      if (table.hasCopies) {
        LeftBehind.unlink(
            requests,
            table.copied.stream()
                .map(bucket -> store.nameFor(table.stored, number, bucket))
                .iterator());
        requests.number(
            CommandType.HDEL,
            Requests.args(store.tableList())
                .addKey(Names.table(store.number(), table.stored.number(), number)));
      }
    }
  }

  @Override
  public void close() {
    store.unfreeze(this);
  }
}
