package io.fluxcore.boot.autoconfigure.actuate;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.boot.autoconfigure.FluxCoreAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** Health of FluxCore; {@code management.health.fluxcore.enabled=false} takes it away. */
@AutoConfiguration(after = FluxCoreAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(FluxCoreService.class)
@ConditionalOnEnabledHealthIndicator("fluxcore")
public final class FluxCoreHealthAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean(name = "fluxcoreHealthIndicator")
  HealthIndicator fluxcoreHealthIndicator(FluxCoreService service) {
    return new FluxCoreHealthIndicator(service);
  }
}
