package io.fluxcore.adapters.out.elasticsearch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Operations that are sent together. Of those on one document only one is kept, which is what would
 * be left of them: the last, or, where documents are only created, the first. Operations with
 * versions are all kept: the server knows which is the last. Not thread-safe.
 */
final class Bulk {
  private final List<Operation> operations = new ArrayList<>();
  private final Map<String, Integer> places = new HashMap<>();
  private long bytes;

  int size() {
    return operations.size();
  }

  boolean isEmpty() {
    return operations.isEmpty();
  }

  long bytes() {
    return bytes;
  }

  List<Operation> operations() {
    return operations;
  }

  void add(Operation operation) {
    String key = operation.key();
    Integer place = key == null ? null : places.get(key);
    if (place == null || operation.version() != null) {
      if (key != null) {
        places.put(key, operations.size());
      }
      operations.add(operation);
      bytes += operation.bytes();
    } else if (operation.action() != Operation.Action.CREATE) {
      bytes += operation.bytes() - operations.set(place, operation).bytes();
    }
  }

  /** Whether both have an operation on the same document. */
  boolean meets(Bulk other) {
    Collection<String> fewer = places.keySet();
    Map<String, Integer> more = other.places;
    if (fewer.size() > more.size()) {
      fewer = other.places.keySet();
      more = places;
    }
    for (String key : fewer) {
      if (more.containsKey(key)) {
        return true;
      }
    }
    return false;
  }

  /** Those of the places, as another one. */
  private Bulk part(int from, int to) {
    Bulk part = new Bulk();
    operations.subList(from, to).forEach(part::add);
    return part;
  }

  Bulk firstHalf() {
    return part(0, size() / 2);
  }

  Bulk secondHalf() {
    return part(size() / 2, size());
  }

  /** These operations, as another one. */
  static Bulk of(List<Operation> operations) {
    Bulk bulk = new Bulk();
    operations.forEach(bulk::add);
    return bulk;
  }
}
