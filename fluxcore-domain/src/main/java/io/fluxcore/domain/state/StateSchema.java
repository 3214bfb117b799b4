package io.fluxcore.domain.state;

import io.fluxcore.domain.event.DataType;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Of what shape the entries of a state are: what a canonical payload begins with, and what is
 * compared before state is restored.
 *
 * @param keyTypes names of the types of the key's columns
 * @param cells number of cells
 * @param objects what the object columns were written by
 */
public record StateSchema(List<String> keyTypes, int cells, List<Serializer> objects) {
  public StateSchema {
    keyTypes = List.copyOf(keyTypes);
    objects = List.copyOf(objects);
  }

  /** A {@link StateSerializer} by its id and version. */
  public record Serializer(String id, int version) {}

  /** Of a layout. */
  public static StateSchema of(StateLayout layout) {
    return new StateSchema(
        layout.keyTypes().stream().map(DataType::toString).toList(),
        layout.cells(),
        layout.objects().stream().map(s -> new Serializer(s.id(), s.version())).toList());
  }

  /** Writes it as canonical payloads and manifests hold it. */
  public void write(DataOutput out) throws IOException {
    out.writeByte(keyTypes.size());
    for (String type : keyTypes) {
      out.writeUTF(type);
    }
    out.writeInt(cells);
    out.writeByte(objects.size());
    for (Serializer serializer : objects) {
      out.writeUTF(serializer.id());
      out.writeInt(serializer.version());
    }
  }

  /** Reads what {@link #write} wrote. */
  public static StateSchema read(DataInput in) throws IOException {
    List<String> keyTypes = new ArrayList<>();
    for (int left = in.readUnsignedByte(); left > 0; left--) {
      keyTypes.add(in.readUTF());
    }
    int cells = in.readInt();
    List<Serializer> objects = new ArrayList<>();
    for (int left = in.readUnsignedByte(); left > 0; left--) {
      objects.add(new Serializer(in.readUTF(), in.readInt()));
    }
    return new StateSchema(keyTypes, cells, objects);
  }

  /**
   * What keeps state of this schema from being read as that of another one, as "a against b"; an
   * empty string where nothing does. Versions of serializers may differ.
   */
  public String obstacleTo(StateSchema now) {
    if (!keyTypes.equals(now.keyTypes)) {
      return key() + " against " + now.key();
    }
    if (cells != now.cells) {
      return cells + " cells against " + now.cells + " cells";
    }
    if (objects.size() != now.objects.size()) {
      return objects.size() + " objects against " + now.objects.size() + " objects";
    }
    for (int i = 0; i < objects.size(); i++) {
      if (!objects.get(i).id().equals(now.objects.get(i).id())) {
        return "serializer " + objects.get(i).id() + " against " + now.objects.get(i).id();
      }
    }
    return "";
  }

  private String key() {
    return "key (" + String.join(", ", keyTypes) + ")";
  }
}
