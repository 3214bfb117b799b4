package io.fluxcore.adapters.out.rocksdb;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.state.NativeFile;
import io.fluxcore.domain.state.NativeSnapshot;
import io.fluxcore.domain.state.Payload;
import io.fluxcore.domain.state.SnapshotErrors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rocksdb.RocksDBException;

/**
 * Makes a database of checkpoints in the own format. The files of the one that holds most of the
 * subtask's key groups become the database, linked where they lie on this machine; key groups that
 * are not the subtask's are cut off; entries of the other checkpoints are copied in their order.
 */
final class RestoredFiles {
  private static final int MANY = Integer.MAX_VALUE;
  private static final int LAST_GROUP = 0xFFFF;

  private final RocksDbStateBackends owner;
  private final String operatorId;
  private final KeyGroupRange owned;
  private final Map<String, RocksDbSlotTables> families;

  RestoredFiles(
      RocksDbStateBackends owner,
      String operatorId,
      KeyGroupRange owned,
      Map<String, RocksDbSlotTables> families) {
    this.owner = owner;
    this.operatorId = operatorId;
    this.owned = owned;
    this.families = families;
  }

  /** The database; the tables know what is in it. */
  RocksDbStore restore(List<NativeSnapshot> parts) {
    List<NativeSnapshot> ordered = new ArrayList<>(parts);
    ordered.sort(Comparator.comparingInt(part -> -common(part.keyGroups()).size()));
    NativeSnapshot base = ordered.get(0);
    StoredStates states = states(base);
    RocksDbStore store = open(base, owner.folder("store"));
    try {
      cut(store, base.keyGroups());
      take(states);
      for (NativeSnapshot other : ordered.subList(1, ordered.size())) {
        copy(other, store);
        take(states(other));
      }
      return store;
    } catch (RuntimeException e) {
      store.release();
      throw e;
    }
  }

  private KeyGroupRange common(KeyGroupRange other) {
    int first = Math.max(owned.first(), other.first());
    int last = Math.min(owned.last(), other.last());
    return new KeyGroupRange(first, Math.max(last, first - 1));
  }

  private StoredStates states(NativeSnapshot part) {
    StoredStates states;
    try {
      states = StoredStates.read(part.metadata());
    } catch (IOException e) {
      throw unusable(e);
    }
    List<String> differences = states.differences(families.values());
    if (!differences.isEmpty()) {
      throw RocksDbErrors.incompatible(operatorId, String.join("; ", differences));
    }
    return states;
  }

  private FluxCoreException unusable(IOException e) {
    return SnapshotErrors.of("operator '" + operatorId + "'", e);
  }

  private RocksDbStore open(NativeSnapshot part, Path folder) {
    FileNames names = new FileNames();
    try {
      Files.createDirectories(folder);
      for (NativeFile file : part.files()) {
        String local = file.name();
        if (file.shared()) {
          local = FileNames.local(file.name());
          names.restored(local, file.name());
        }
        bring(file, folder.resolve(local));
      }
    } catch (IOException e) {
      throw unusable(e);
    }
    return owner.open(operatorId, RocksDbSlotTables.areLookedUp(families.values()), folder, names);
  }

  /** Files that never change are linked, if they are near and whole. */
  private static void bring(NativeFile file, Path to) throws IOException {
    Payload content = file.content();
    Optional<String> near = content.localFile();
    if (file.shared() && near.isPresent()) {
      content.verify();
      try {
        Files.createLink(to, Path.of(near.get()));
        return;
      } catch (IOException | UnsupportedOperationException e) {
        Files.deleteIfExists(to); // on another disk: copied below
      }
    }
    try (InputStream in = content.open()) {
      Files.copy(in, to);
    }
  }

  /** Takes out the key groups of others. */
  private void cut(RocksDbStore store, KeyGroupRange held) {
    List<byte[]> froms = new ArrayList<>();
    List<byte[]> ends = new ArrayList<>();
    if (held.first() < owned.first()) {
      froms.add(StoredKeys.groupStart(0));
      ends.add(StoredKeys.groupStart(owned.first()));
    }
    if (held.last() > owned.last()) {
      froms.add(StoredKeys.groupStart(owned.last() + 1));
      ends.add(StoredKeys.groupStart(LAST_GROUP));
    }
    for (int i = 0; i < froms.size(); i++) {
      store.deleteFiles(froms.get(i), ends.get(i));
    }
    if (!froms.isEmpty()) {
      store.deleteRanges(froms, ends);
    }
  }

  private void copy(NativeSnapshot part, RocksDbStore into) {
    KeyGroupRange common = common(part.keyGroups());
    owner.memory().admit(operatorId);
    RocksDbStore from = open(part, owner.folder("part"));
    try {
      for (int group = common.first(); group <= common.last(); group++) {
        copy(from, StoredKeys.groupStart(group), StoredKeys.groupStart(group + 1), into);
      }
    } catch (RocksDBException e) {
      throw into.failed(e);
    } finally {
      from.release();
    }
  }

  private static void copy(RocksDbStore from, byte[] start, byte[] end, RocksDbStore into)
      throws RocksDBException {
    try (RocksDbStore.Scan scan = from.scan(start, end, null);
        RocksDbStore.Run run = into.write(MANY)) {
      for (; scan.isValid(); scan.next()) {
        byte[] key = scan.key();
        byte[] value = scan.value();
        run.put(Arrays.copyOf(key, scan.keyLength()), Arrays.copyOf(value, scan.valueLength()));
      }
      run.end();
    }
  }

  /** Tells the tables what is stored of their keys. */
  private void take(StoredStates states) {
    families.forEach(
        (name, family) -> {
          StoredStates.State state = states.states().get(name);
          if (state != null) {
            state.namespaces().forEach((namespace, groups) -> take(family, namespace, groups));
          }
        });
  }

  private void take(RocksDbSlotTables family, long namespace, Map<Integer, Long> groups) {
    groups.forEach(
        (group, entries) -> {
          if (owned.contains(group)) {
            family.table(namespace).restored(group, entries);
          }
        });
  }
}
