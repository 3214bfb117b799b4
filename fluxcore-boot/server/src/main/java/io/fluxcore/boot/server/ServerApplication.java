package io.fluxcore.boot.server;

import io.fluxcore.adapters.in.page.ServerPage;
import io.fluxcore.adapters.in.rest.RestApi;
import io.fluxcore.adapters.in.rest.RestSettings;
import io.fluxcore.application.FluxCoreService;
import java.util.Objects;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * What the server is made of: auto-configurations, the REST API, the page and, where it is wanted,
 * the demo; nothing by scanning.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({RestApi.class, ServerPage.class, DemoJobs.class})
class ServerApplication {
  @Bean
  RestSettings restSettings() {
    String version = FluxCoreService.class.getPackage().getImplementationVersion();
    return RestSettings.defaults(Objects.requireNonNullElse(version, "(not packaged)"));
  }
}
