package io.fluxcore.adapters.out.parts;

import io.fluxcore.application.connector.Sink.CommitHandle;
import io.fluxcore.application.connector.TransientSinkException;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Parts on the heap, in a store that can be told not to answer. */
final class MemoryParts implements PartStore {
  final Map<String, String> visible = new TreeMap<>();
  final Map<String, String> prepared = new TreeMap<>();
  final List<PartName> begun = new ArrayList<>();

  /** How many calls fail from here on. */
  int failures;

  int open;

  private void ask() throws IOException {
    if (failures > 0) {
      failures--;
      throw new IOException("no answer");
    }
  }

  @Override
  public OpenPart begin(PartName name) {
    begun.add(name);
    open++;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    return new OpenPart() {
      private boolean over;

      @Override
      public OutputStream out() {
        return bytes;
      }

      @Override
      public void makeRoom() throws IOException {
        ask();
      }

      @Override
      public void finish() throws IOException {
        ask();
      }

      @Override
      public CommitHandle prepare(long checkpointId, boolean isOnly) {
        String place =
            isOnly
                ? "only"
                : (name.directory().isEmpty() ? "" : name.directory() + "/")
                    + name.subtask()
                    + "-"
                    + checkpointId
                    + "-"
                    + name.number();
        prepared.put(place, bytes.toString(StandardCharsets.UTF_8));
        over();
        return new CommitHandle(place);
      }

      private void over() {
        if (!over) {
          over = true;
          open--;
        }
      }

      @Override
      public void discard() {
        over();
      }
    };
  }

  @Override
  public void commit(CommitHandle handle) throws IOException {
    ask();
    String part = prepared.remove(handle.text());
    if (part != null) {
      visible.put(handle.text(), part);
    }
  }

  @Override
  public boolean keepsEmptyPart() {
    return true;
  }

  @Override
  public void close() {}

  @Override
  public FluxCoreException error(IOException failure, String kept) {
    return new TransientSinkException(
        Diagnostic.error("FLX-TEST-0001", Place.of("store"), failure.getMessage(), kept),
        0,
        failure);
  }
}
