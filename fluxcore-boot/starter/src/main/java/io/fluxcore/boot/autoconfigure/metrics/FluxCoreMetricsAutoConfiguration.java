package io.fluxcore.boot.autoconfigure.metrics;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.boot.autoconfigure.FluxCoreAutoConfiguration;
import io.fluxcore.boot.autoconfigure.FluxCoreProperties;
import io.fluxcore.infrastructure.metrics.JobMeters;
import io.fluxcore.infrastructure.metrics.MeterSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Meters of jobs in the application's registry. */
@AutoConfiguration(
    after = FluxCoreAutoConfiguration.class,
    afterName =
        "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({FluxCoreService.class, MeterRegistry.class})
@ConditionalOnBooleanProperty(name = "fluxcore.metrics.enabled", matchIfMissing = true)
public final class FluxCoreMetricsAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean
  JobMeters fluxCoreJobMeters(FluxCoreService service, FluxCoreProperties properties) {
    FluxCoreProperties.Metrics metrics = properties.metrics();
    return new JobMeters(
        service,
        new MeterSettings(
            metrics.maxJobs(),
            metrics.maxOperators(),
            metrics.refreshInterval(),
            metrics.endedJobRetention()),
        InstantSource.system());
  }
}
