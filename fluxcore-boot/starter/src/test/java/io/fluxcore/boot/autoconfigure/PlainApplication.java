package io.fluxcore.boot.autoconfigure;

import io.fluxcore.application.FluxCoreService;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** An application that has the starter and nothing else. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class PlainApplication {

  /** The kind of context that starts, and how many services are in it. */
  static String start() {
    try (ConfigurableApplicationContext context =
        SpringApplication.run(PlainApplication.class, "--spring.main.banner-mode=off")) {
      return context.getClass().getSimpleName()
          + " "
          + context.getBeanNamesForType(FluxCoreService.class).length;
    }
  }
}
