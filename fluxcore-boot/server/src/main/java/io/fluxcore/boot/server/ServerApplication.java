package io.fluxcore.boot.server;

import io.fluxcore.adapters.in.rest.RestApi;
import io.fluxcore.adapters.in.rest.RestSettings;
import io.fluxcore.application.FluxCoreService;
import java.util.Objects;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** What the server is made of: auto-configurations and the REST API, nothing by scanning. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(RestApi.class)
class ServerApplication {
  @Bean
  RestSettings restSettings() {
    String version = FluxCoreService.class.getPackage().getImplementationVersion();
    return RestSettings.defaults(Objects.requireNonNullElse(version, "(not packaged)"));
  }
}
