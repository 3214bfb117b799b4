package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.state.StateSerializer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Collection;
import java.util.function.Supplier;

/**
 * Writes accumulators that are collections: how many elements there are, and each of them.
 *
 * @param <E> an element
 * @param <C> the collection
 */
abstract class ElementsSerializer<E, C extends Collection<E>> implements StateSerializer<C> {
  private final String id;
  private final Supplier<C> empty;

  ElementsSerializer(String id, Supplier<C> empty) {
    this.id = id;
    this.empty = empty;
  }

  abstract void writeElement(E element, DataOutput out) throws IOException;

  abstract E readElement(DataInput in) throws IOException;

  @Override
  public final String id() {
    return id;
  }

  @Override
  public final int version() {
    return 1;
  }

  @Override
  public final void write(C elements, DataOutput out) throws IOException {
    out.writeInt(elements.size());
    for (E element : elements) {
      writeElement(element, out);
    }
  }

  @Override
  public final C read(DataInput in, int version) throws IOException {
    C elements = empty.get();
    for (int left = in.readInt(); left > 0; left--) {
      elements.add(readElement(in));
    }
    return elements;
  }
}
