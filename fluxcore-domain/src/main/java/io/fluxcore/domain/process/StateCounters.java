package io.fluxcore.domain.process;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The counters of an operator's states as an operator-wide entry, big endian: u8 version, 1; i64
 * pending event timers, pending processing timers, fired, failed; i32 states, and of each its name
 * (modified UTF-8) and i64 entries, bytes, expired, expired bytes.
 */
final class StateCounters {
  private static final int VERSION = 1;

  private StateCounters() {}

  static byte[] write(KeyedProcessOperator operator) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      for (long count : operator.timerCounts()) {
        out.writeLong(count);
      }
      out.writeInt(operator.keyedStates().size());
      for (KeyedState state : operator.keyedStates()) {
        out.writeUTF(state.name);
        out.writeLong(state.meter.entries);
        out.writeLong(state.meter.bytes);
        out.writeLong(state.meter.expired);
        out.writeLong(state.meter.expiredBytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Adds an entry; the counters of states that are gone are left out. */
  static void addTo(KeyedProcessOperator operator, byte[] entry) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(entry))) {
      int version = in.readUnsignedByte();
      if (version != VERSION) {
        throw new IOException("counters of version " + version);
      }
      long[] timers = new long[4];
      for (int i = 0; i < timers.length; i++) {
        timers[i] = in.readLong();
      }
      operator.addTimerCounts(timers);
      for (int states = in.readInt(); states > 0; states--) {
        KeyedState state = operator.keyedState(in.readUTF());
        long[] counts = {in.readLong(), in.readLong(), in.readLong(), in.readLong()};
        if (state != null) {
          state.meter.entries += counts[0];
          state.meter.bytes += counts[1];
          state.meter.expired += counts[2];
          state.meter.expiredBytes += counts[3];
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
