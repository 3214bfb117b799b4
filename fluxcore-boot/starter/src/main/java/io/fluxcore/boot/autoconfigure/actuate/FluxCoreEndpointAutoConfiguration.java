package io.fluxcore.boot.autoconfigure.actuate;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.runtime.JobRuntime;
import io.fluxcore.boot.autoconfigure.FluxCoreAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The endpoint {@code fluxcore} and what {@code info} says of FluxCore. */
@AutoConfiguration(after = FluxCoreAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBean(FluxCoreService.class)
public final class FluxCoreEndpointAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnAvailableEndpoint
  FluxCoreEndpoint fluxCoreEndpoint(FluxCoreService service) {
    return new FluxCoreEndpoint(service);
  }

  @Bean
  @ConditionalOnMissingBean(name = "fluxcoreInfoContributor")
  @ConditionalOnEnabledInfoContributor("fluxcore")
  InfoContributor fluxcoreInfoContributor(JobRuntime runtime, ConnectorRegistry connectors) {
    return new FluxCoreInfoContributor(runtime, connectors);
  }
}
