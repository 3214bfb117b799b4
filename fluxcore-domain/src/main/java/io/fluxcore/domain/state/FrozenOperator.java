package io.fluxcore.domain.state;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One subtask's part of an operator's snapshot, not written yet.
 *
 * @param entries what the operator itself has given: operator-wide entries and small keyed payloads
 * @param state its keyed state; closed by whoever holds this last
 */
public record FrozenOperator(OperatorSnapshot entries, FrozenState state) implements AutoCloseable {
  /** A part without keyed state of a backend. */
  public static FrozenOperator of(OperatorSnapshot entries) {
    return new FrozenOperator(entries, FrozenState.EMPTY);
  }

  /** Writes the state to the heap, and closes it. */
  public OperatorSnapshot inMemory() {
    OperatorSnapshot.Builder builder = entries.toBuilder();
    try (FrozenState frozen = state) {
      frozen.write(
          new SnapshotTarget() {
            @Override
            public void keyed(String name, int keyGroup, PayloadWriter payload) throws IOException {
              ByteArrayOutputStream bytes = new ByteArrayOutputStream();
              payload.write(bytes);
              builder.keyed(name, keyGroup, bytes.toByteArray());
            }

            @Override
            public void nativeState(NativeSnapshot own) throws IOException {
              List<NativeFile> files = new ArrayList<>();
              for (NativeFile file : own.files()) {
                Payload copy = Payload.of(file.content().bytes());
                files.add(new NativeFile(file.name(), file.shared(), copy));
              }
              builder.nativeState(
                  new NativeSnapshot(own.backend(), own.keyGroups(), own.metadata(), files));
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return builder.build();
  }

  /**
   * The same on the heap, to be written any number of times: of a subtask that has ended. Closes
   * this one.
   */
  public FrozenOperator held() {
    OperatorSnapshot written =
        new FrozenOperator(OperatorSnapshot.builder(entries.operatorId()).build(), state)
            .inMemory();
    return new FrozenOperator(entries, FrozenPayloads.of(written));
  }

  @Override
  public void close() {
    state.close();
  }
}
