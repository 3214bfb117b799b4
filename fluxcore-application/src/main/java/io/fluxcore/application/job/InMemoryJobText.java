package io.fluxcore.application.job;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.topology.StreamTopology;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Text for stores of this process: what is written is what a thing says of itself, and what is read
 * is what was written. The reference for what writing and reading do.
 */
public final class InMemoryJobText implements JobText {
  private final Map<String, JobConfig> configs = new HashMap<>();
  private final Map<String, StreamTopology> topologies = new HashMap<>();

  @Override
  public synchronized String write(JobConfig config) {
    configs.put(config.toString(), config);
    return config.toString();
  }

  @Override
  public synchronized JobConfig readConfig(String text) {
    return known(configs.get(text), text);
  }

  @Override
  public synchronized String write(StreamTopology topology) {
    if (!topology.isPortable()) {
      throw FluxCoreException.user(
          "FLX-STORE-0009",
          Place.WHOLE,
          "the topology cannot be written as text because of " + topology.boundParts(),
          "use an expression in place of code");
    }
    topologies.put(topology.toString(), topology);
    return topology.toString();
  }

  @Override
  public synchronized StreamTopology readTopology(String text) {
    return known(topologies.get(text), text);
  }

  private static <T> T known(@Nullable T written, String text) {
    if (written == null) {
      throw FluxCoreException.user(
          "FLX-STORE-0009", Place.WHOLE, "this was never written: " + text, "");
    }
    return Objects.requireNonNull(written);
  }
}
