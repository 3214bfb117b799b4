package io.fluxcore.application.job;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.topology.StreamTopology;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A topology as it is kept: as text where that can be, and otherwise what was declared, so that it
 * is known again when the application submits it.
 *
 * @param text as {@link JobText} wrote it; null for a topology that is bound to its application
 * @param bound what cannot be written, such as lambdas, in words; empty where there is a text
 * @param declaration the topology, one node a line
 */
public record StoredTopology(@Nullable String text, List<String> bound, String declaration) {
  public StoredTopology {
    bound = List.copyOf(bound);
    if ((text == null) == bound.isEmpty()) {
      throw new IllegalArgumentException("a topology is kept as text, or it says why not");
    }
  }

  /** A topology, written down. */
  public static StoredTopology of(StreamTopology topology, JobText writer) {
    List<String> bound = topology.boundParts();
    if (!bound.isEmpty()) {
      return new StoredTopology(null, bound, topology.toString());
    }
    try {
      return new StoredTopology(writer.write(topology), List.of(), topology.toString());
    } catch (FluxCoreException e) {
      List<String> reasons = e.diagnostics().stream().map(Diagnostic::message).toList();
      return new StoredTopology(null, reasons, topology.toString());
    }
  }

  /** Whether it can be read again without its application. */
  public boolean isPortable() {
    return text != null;
  }

  /** Whether a topology is declared in the same words. */
  public boolean saysTheSameAs(StreamTopology topology) {
    return declaration.equals(topology.toString());
  }
}
