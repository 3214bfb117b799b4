package io.fluxcore.domain.state;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How a value of user state or of a user aggregate is written to bytes. Versioned: a snapshot
 * records {@link #version()}, and {@link #read} gets the version that wrote the bytes, so that old
 * snapshots stay readable. Java serialisation is never used. Implementations are stateless and
 * thread-safe.
 *
 * @param <T> the value, never null
 */
public interface StateSerializer<T> {
  /** A stable name of the format, recorded in snapshots and compared on restore. */
  String id();

  /** Version of what {@link #write} writes; from 1. */
  int version();

  void write(T value, DataOutput out) throws IOException;

  /**
   * Reads what {@link #write} wrote.
   *
   * @param version what {@link #version()} was when the bytes were written
   */
  T read(DataInput in, int version) throws IOException;

  /**
   * Bytes that a value takes, about: for what is told of the size of state, and for backends that
   * keep it in files, which must know when their cache is full. Quick, since it is asked whenever a
   * value has changed; write your own for values that may be large.
   */
  default long estimatedBytes(T value) {
    return 64;
  }
}
