package io.fluxcore.adapters.out.rocksdb;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.state.StateLayout;
import io.fluxcore.domain.state.StateSerializer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is stored in a database: the metadata of a checkpoint in the own format.
 *
 * @param maxParallelism number of key groups
 * @param states by name
 */
record StoredStates(int maxParallelism, Map<String, State> states) {
  private static final int VERSION = 1;

  /**
   * One state.
   *
   * @param layout its types, cells and serializers as text, to be compared
   * @param namespaces namespace → key group → number of entries
   */
  record State(String layout, Map<Long, Map<Integer, Long>> namespaces) {}

  static StoredStates of(
      int maxParallelism, int firstGroup, Collection<RocksDbSlotTables> families) {
    Map<String, State> states = new LinkedHashMap<>();
    for (RocksDbSlotTables family : families) {
      Map<Long, Map<Integer, Long>> namespaces = new LinkedHashMap<>();
      for (long namespace : family.namespaces()) {
        Map<Integer, Long> groups = new LinkedHashMap<>();
        long[] stored = family.table(namespace).stored();
        for (int i = 0; i < stored.length; i++) {
          if (stored[i] > 0) {
            groups.put(firstGroup + i, stored[i]);
          }
        }
        if (!groups.isEmpty()) {
          namespaces.put(namespace, groups);
        }
      }
      states.put(family.layout().name(), new State(text(family.layout()), namespaces));
    }
    return new StoredStates(maxParallelism, states);
  }

  /** A layout as text; layouts whose texts are equal store alike. */
  static String text(StateLayout layout) {
    StringBuilder text = new StringBuilder("key (");
    text.append(String.join(", ", layout.keyTypes().stream().map(DataType::toString).toList()));
    text.append("), ").append(layout.cells()).append(" cells");
    for (StateSerializer<Object> serializer : layout.objects()) {
      text.append(", ").append(serializer.id()).append(" version ").append(serializer.version());
    }
    return text.toString();
  }

  byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      out.writeInt(VERSION);
      out.writeInt(maxParallelism);
      out.writeInt(states.size());
      for (Map.Entry<String, State> state : states.entrySet()) {
        out.writeUTF(state.getKey());
        out.writeUTF(state.getValue().layout());
        out.writeInt(state.getValue().namespaces().size());
        for (Map.Entry<Long, Map<Integer, Long>> namespace :
            state.getValue().namespaces().entrySet()) {
          out.writeLong(namespace.getKey());
          out.writeInt(namespace.getValue().size());
          for (Map.Entry<Integer, Long> group : namespace.getValue().entrySet()) {
            out.writeInt(group.getKey());
            out.writeLong(group.getValue());
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #bytes} gave.
   *
   * @throws IOException if it is damaged or of another version
   */
  static StoredStates read(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException("its format version is " + version + ", this build reads " + VERSION);
    }
    int maxParallelism = in.readInt();
    Map<String, State> states = new LinkedHashMap<>();
    for (int s = in.readInt(); s > 0; s--) {
      String name = in.readUTF();
      String layout = in.readUTF();
      Map<Long, Map<Integer, Long>> namespaces = new LinkedHashMap<>();
      for (int n = in.readInt(); n > 0; n--) {
        long namespace = in.readLong();
        Map<Integer, Long> groups = new LinkedHashMap<>();
        for (int g = in.readInt(); g > 0; g--) {
          groups.put(in.readInt(), in.readLong());
        }
        namespaces.put(namespace, groups);
      }
      states.put(name, new State(layout, namespaces));
    }
    return new StoredStates(maxParallelism, states);
  }

  /** What differs from these layouts, one line each; empty when nothing does. */
  List<String> differences(Collection<RocksDbSlotTables> families) {
    List<String> differences = new ArrayList<>();
    for (RocksDbSlotTables family : families) {
      State state = states.get(family.layout().name());
      String now = text(family.layout());
      if (state != null && !state.layout().equals(now)) {
        differences.add(
            "state '" + family.layout().name() + "' was " + state.layout() + " and is now " + now);
      }
    }
    return differences;
  }
}
