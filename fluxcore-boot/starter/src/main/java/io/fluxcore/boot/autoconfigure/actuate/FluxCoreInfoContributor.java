package io.fluxcore.boot.autoconfigure.actuate;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.runtime.JobRuntime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/** Which FluxCore this is and what it can connect to. */
final class FluxCoreInfoContributor implements InfoContributor {
  private final JobRuntime runtime;
  private final ConnectorRegistry connectors;

  FluxCoreInfoContributor(JobRuntime runtime, ConnectorRegistry connectors) {
    this.runtime = runtime;
    this.connectors = connectors;
  }

  @Override
  public void contribute(Info.Builder builder) {
    Map<String, Object> details = new LinkedHashMap<>();
    String version = FluxCoreService.class.getPackage().getImplementationVersion();
    if (version != null) {
      details.put("version", version);
    }
    details.put("runtime", runtime.name());
    details.put("sources", connectors.sources().stream().map(ConnectorDescriptor::name).toList());
    details.put("sinks", connectors.sinks().stream().map(ConnectorDescriptor::name).toList());
    details.put("lookups", connectors.lookups().stream().map(ConnectorDescriptor::name).toList());
    builder.withDetail("fluxcore", details);
  }
}
